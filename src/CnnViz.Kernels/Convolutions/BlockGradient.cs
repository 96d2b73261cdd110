namespace CnnViz.Kernels;

/// <summary>The gradient of the inputs of a convolution of few channels: block by block of pixels, which fill vectors together.</summary>
internal sealed unsafe class BlockGradient(ConvolutionWeights weights, MapWindow window, MapShape input, MapShape output)
    : InputGradient(weights, window, input, output, isWide: true)
{
    // Found at the first run: maps lie in the same way at every one.
    private GatherProduct? _product;

    public override void Run(MapView gradient, MapView result, GradientWrite write, Share share)
    {
        GatherProduct product = _product ??= new GatherProduct(Pack(), Taps(gradient, Rows.Taps, Columns.Taps));
        (int tall, int wide) = (Rows.Block, Columns.Block);
        (int height, int width) = (Rows.Blocks, Columns.Blocks);
        int lanes = tall * wide * Weights.Inputs;
        (int first, int last) = share.Of(gradient.Images * height);
        float[] line = new float[width * lanes];
        fixed (float* values = line)
        {
            float* start = values;
            for (int at = first; at < last; at++)
            {
                (int image, int row) = Math.DivRem(at, height);
                product.Run(
                    width,
                    images: 1,
                    new Share(0, 1),
                    column => gradient.At(image, row * Rows.Step, column * Columns.Step),
                    column => start + column * lanes,
                    null,
                    null,
                    default);
                for (int column = 0; column < width; column++)
                {
                    Spread(start + column * lanes, result, image, row * tall, column * wide, write.Accumulate);
                }
            }
        }
    }

    // Pixel by pixel of a block, channel by channel.
    private PackedWeights Pack()
    {
        int channels = Weights.Inputs;
        int wide = Columns.Block;
        return Weights.Pack($"blocks {Window.Rows.Before} {Window.Columns.Before}", weights => new PackedWeights(
            Rows.Taps.Length * Columns.Taps.Length,
            Weights.Outputs,
            Rows.Block * wide * channels,
            (output, lane, taps) =>
            {
                (int place, int channel) = Math.DivRem(lane, channels);
                for (int tap = 0; tap < taps.Length; tap++)
                {
                    int? row = Rows.KernelPlace(place / wide, Rows.Taps[tap / Columns.Taps.Length]);
                    int? column = Columns.KernelPlace(place % wide, Columns.Taps[tap % Columns.Taps.Length]);
                    taps[tap] = row is null || column is null ? 0 : weights[output, channel, row.Value, column.Value];
                }
            }));
    }

    // From a block's values to its pixels, as far as they are in the image.
    private void Spread(float* block, MapView result, int image, int row, int column, bool accumulate)
    {
        int channels = Weights.Inputs;
        for (int y = 0; y < Math.Min(Rows.Block, Input.Height - row); y++)
        {
            for (int x = 0; x < Math.Min(Columns.Block, Input.Width - column); x++)
            {
                float* target = result.At(image, row + y, column + x);
                float* source = block + (y * Columns.Block + x) * channels;
                for (int channel = 0; channel < channels; channel++)
                {
                    target[channel] = accumulate ? target[channel] + source[channel] : source[channel];
                }
            }
        }
    }
}
