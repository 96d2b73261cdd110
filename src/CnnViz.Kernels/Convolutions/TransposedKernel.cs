namespace CnnViz.Kernels;

/// <summary>
/// A transposed convolution: what the gradient of a convolution's inputs is, as an operation of its own. Its own gradient is that convolution.
/// </summary>
internal sealed unsafe class TransposedKernel : Kernel
{
    private readonly float[] _bias;
    private readonly ConvolutionProduct _product;
    private readonly PhaseGradient _scatter;

    /// <param name="weights">Those of the convolution, from the result's channels to the input's.</param>
    /// <param name="bias">One value for each of the result's channels, and a few vectors of zeros.</param>
    /// <param name="window">The convolution's window, on the result.</param>
    /// <param name="input">The input's size.</param>
    /// <param name="output">The result's size.</param>
    public TransposedKernel(ConvolutionWeights weights, float[] bias, MapWindow window, MapShape input, MapShape output)
        : base(input, output)
    {
        (_bias, _product) = (bias, new ConvolutionProduct(weights, window));
        _scatter = new PhaseGradient(weights, window, output, input);
        GradientHalo = window.Beyond(output);
    }

    internal override int Halo => _scatter.Halo;

    internal override int GradientHalo { get; }

    internal override bool CanClamp => true;

    internal override void Prepare()
    {
        _scatter.Prepare();
        _product.Prepare();
    }

    internal override void Forward(KernelMaps maps, Share share)
    {
        fixed (float* bias = _bias)
        {
            _scatter.Run(maps.Inputs[0], maps.Output, bias, Range, default, share);
        }
    }

    internal override void Backward(KernelMaps maps, int input, GradientWrite write, Share share) =>
        _product.Run(maps.Gradient, maps.InputGradients[0], null, null, write, share);
}
