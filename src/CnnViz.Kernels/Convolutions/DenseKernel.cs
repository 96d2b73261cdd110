namespace CnnViz.Kernels;

/// <summary>
/// A dense layer of all values of a map: a convolution with one window, as large as the map. Its gradient is one product for each pixel of the
/// input, as a pixel has weights of its own.
/// </summary>
internal sealed unsafe class DenseKernel : Kernel
{
    private readonly ConvolutionWeights _weights;
    private readonly ConvolutionProduct _product;
    private readonly Lazy<GatherProduct>[] _pixels;

    /// <param name="weights">O×C×H×W.</param>
    /// <param name="input">C×H×W.</param>
    public DenseKernel(ConvolutionWeights weights, MapShape input)
        : base(input, new MapShape(weights.Outputs, 1, 1))
    {
        _weights = weights;
        _product = new ConvolutionProduct(weights, new MapWindow(new WindowAxis(input.Height), new WindowAxis(input.Width)));
        _pixels = [.. Enumerable.Range(0, input.Pixels).Select(pixel => new Lazy<GatherProduct>(() => new GatherProduct(Pack(pixel), [0])))];
    }

    internal override bool CanClamp => true;

    internal override void Prepare()
    {
        _product.Prepare();
        Array.ForEach(_pixels, pixel => _ = pixel.Value);
    }

    internal override void Forward(KernelMaps maps, Share share)
    {
        fixed (float* bias = _weights.Bias)
        {
            _product.Run(maps.Inputs[0], maps.Output, bias, Range, default, share);
        }
    }

    internal override void Backward(KernelMaps maps, int input, GradientWrite write, Share share)
    {
        (MapView gradient, MapView result) = (maps.Gradient, maps.InputGradients[0]);
        for (int pixel = 0; pixel < _pixels.Length; pixel++)
        {
            (int row, int column) = Math.DivRem(pixel, Input.Width);
            _pixels[pixel].Value.Run(
                result.Images,
                result.Images,
                share,
                gradient.Image,
                image => result.At(image, row, column),
                null,
                null,
                write);
        }
    }

    private PackedWeights Pack(int pixel) => _weights.Pack($"dense back {pixel}", source => new PackedWeights(
        1, _weights.Outputs, Input.Channels, (output, channel, taps) => taps[0] = source.Of(output, channel)[pixel]));
}
