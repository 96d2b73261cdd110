namespace CnnViz.Kernels;

/// <summary>A convolution of any window, in groups or not.</summary>
internal sealed unsafe class ConvolutionKernel : Kernel
{
    private readonly ConvolutionWeights _weights;
    private readonly ConvolutionProduct _product;
    private readonly InputGradient _gradient;

    /// <param name="weights">The weights.</param>
    /// <param name="window">The window.</param>
    /// <param name="input">The input's size.</param>
    public ConvolutionKernel(ConvolutionWeights weights, MapWindow window, MapShape input)
        : base(input, window.Slide(input, weights.Outputs))
    {
        (_weights, _product) = (weights, new ConvolutionProduct(weights, window));

        // With few channels, such as colours, a block of pixels fills the vectors that one pixel would leave empty.
        _gradient = _product.IsNarrow ? new BlockGradient(weights, window, input, Output) : new PhaseGradient(weights, window, input, Output);
        Halo = window.Beyond(input);
    }

    internal override int Halo { get; }

    internal override int GradientHalo => _gradient.Halo;

    internal override bool CanClamp => true;

    internal override bool CanPass => !_product.IsNarrow;

    internal override void Prepare()
    {
        _product.Prepare();
        _gradient.Prepare();
    }

    internal override void Forward(KernelMaps maps, Share share)
    {
        fixed (float* bias = _weights.Bias)
        {
            _product.Run(maps.Inputs[0], maps.Output, bias, Range, default, share);
        }
    }

    internal override void Backward(KernelMaps maps, int input, GradientWrite write, Share share) =>
        _gradient.Run(maps.Gradient, maps.InputGradients[0], write, share);
}
