namespace CnnViz.Kernels;

/// <summary>The sums of a convolution: of each window of a map, with weights that are packed once.</summary>
internal sealed unsafe class ConvolutionProduct(ConvolutionWeights weights, MapWindow window)
{
    // Found at the first run: maps lie in the same way at every one.
    private GatherProduct? _product;

    /// <summary>Whether there are few inputs, such as colours, in one group.</summary>
    public bool IsNarrow => weights.Inputs < Lanes.Count && weights.Groups == 1;

    /// <summary>Packs weights, if that takes long.</summary>
    public void Prepare()
    {
        if (!IsNarrow)
        {
            Pack();
        }
    }

    /// <summary>Computes them.</summary>
    /// <param name="input">What the windows lie on.</param>
    /// <param name="output">Gets a pixel for each window.</param>
    /// <param name="bias">What is added, one value for each output, in whole vectors; null for nothing.</param>
    /// <param name="range">What sums are cut off to.</param>
    /// <param name="write">How sums are written that are gradients.</param>
    /// <param name="share">The part that is to be computed.</param>
    public void Run(MapView input, MapView output, float* bias, ValueRange? range, GradientWrite write, Share share)
    {
        (int down, int across) = (window.Rows.Stride, window.Columns.Stride);
        GatherProduct product = _product ??= Product(input);
        product.Run(
            output.Pixels,
            output.Images,
            share,
            pixel =>
            {
                (int image, int row, int column) = output.Place(pixel);
                return input.At(image, row * down, column * across);
            },
            output.Pixel,
            bias,
            range,
            write);
    }

    private GatherProduct Product(MapView input)
    {
        // Of few channels without gaps between pixels, a row of the window is one place.
        bool isJoined = IsNarrow && window.Columns.Dilation == 1 && input.PixelStride == weights.Inputs;
        int width = isJoined ? 1 : weights.Width;
        IEnumerable<nint> taps = Enumerable.Range(0, weights.Height).SelectMany(row => Enumerable.Range(0, width).Select(column =>
            ((nint)row * window.Rows.Dilation - window.Rows.Before) * input.RowStride
            + ((nint)column * window.Columns.Dilation - window.Columns.Before) * input.PixelStride));
        return new GatherProduct(isJoined ? PackJoined() : Pack(), [.. taps]);
    }

    private PackedWeights Pack() => weights.Pack("all places", source => new PackedWeights(
        weights.Height * weights.Width,
        weights.Inputs,
        weights.GroupOutputs,
        (input, output, taps) => source.Of(output, input).CopyTo(taps),
        weights.Groups));

    private PackedWeights PackJoined() => weights.Pack("joined", source => new PackedWeights(
        weights.Height,
        weights.Width * weights.Inputs,
        weights.Outputs,
        (input, output, taps) =>
        {
            (int column, int channel) = Math.DivRem(input, weights.Inputs);
            for (int row = 0; row < taps.Length; row++)
            {
                taps[row] = source[output, channel, row, column];
            }
        }));
}
