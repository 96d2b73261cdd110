namespace CnnViz.Kernels;

/// <summary>A 3×3 convolution without gaps, by Winograd's way; there and back.</summary>
internal sealed unsafe class WinogradKernel : Kernel
{
    private const int MostPadding = WinogradTransform.Kernel - 1;

    private static readonly WinogradTransform s_small = new Winograd2x2();
    private static readonly WinogradTransform s_large = new Winograd4x4();

    private readonly ConvolutionWeights _weights;
    private readonly int _top;
    private readonly int _left;
    private readonly Lazy<WinogradProduct> _forward;
    private readonly Lazy<WinogradProduct> _backward;

    /// <param name="weights">The weights.</param>
    /// <param name="window">A window that <see cref="Fits"/>.</param>
    /// <param name="input">The input's size.</param>
    public WinogradKernel(ConvolutionWeights weights, MapWindow window, MapShape input)
        : base(input, window.Slide(input, weights.Outputs))
    {
        (_weights, _top, _left) = (weights, window.Rows.Before, window.Columns.Before);
        WinogradTransform transform = Choose(Output);
        int step = transform.Step;
        Halo = Math.Max(
            WinogradProduct.Halo(step, input.Height, Output.Height, _top), WinogradProduct.Halo(step, input.Width, Output.Width, _left));
        GradientHalo = Math.Max(
            WinogradProduct.Halo(step, Output.Height, input.Height, MostPadding - _top),
            WinogradProduct.Halo(step, Output.Width, input.Width, MostPadding - _left));
        _forward = new Lazy<WinogradProduct>(() => new WinogradProduct(
            weights.Pack($"tiles of {step}", source => new PackedWeights(
                transform.Points,
                weights.Inputs,
                weights.Outputs,
                (channel, output, points) => transform.TransformKernel(source.Of(output, channel), points))),
            transform));
        _backward = new Lazy<WinogradProduct>(() => new WinogradProduct(
            weights.Pack($"tiles of {step} back", source => new PackedWeights(
                transform.Points,
                weights.Outputs,
                weights.Inputs,
                (output, channel, points) => TransformTurned(transform, source.Of(output, channel), points))),
            transform));
    }

    internal override int Halo { get; }

    internal override int GradientHalo { get; }

    internal override bool CanClamp => true;

    /// <summary>Whether a convolution can be done this way.</summary>
    public static bool Fits(ConvolutionWeights weights, MapWindow window) =>
        weights is { Groups: 1, Inputs: >= Lanes.Count, Outputs: >= Lanes.Count } && HasNoGaps(window.Rows) && HasNoGaps(window.Columns);

    internal override void Prepare() => _ = (_forward.Value, _backward.Value);

    internal override void Forward(KernelMaps maps, Share share)
    {
        fixed (float* bias = _weights.Bias)
        {
            _forward.Value.Run(maps.Inputs[0], _top, _left, maps.Output, share, bias, Range, default);
        }
    }

    internal override void Backward(KernelMaps maps, int input, GradientWrite write, Share share) =>
        _backward.Value.Run(maps.Gradient, MostPadding - _top, MostPadding - _left, maps.InputGradients[0], share, null, null, write);

    private static bool HasNoGaps(WindowAxis axis) =>
        axis is { Kernel: WinogradTransform.Kernel, Stride: 1, Dilation: 1, Before: <= MostPadding, After: <= MostPadding };

    // Of one large tile there would be too few for the rows of a product.
    private static WinogradTransform Choose(MapShape output) => output.Height > s_large.Step && output.Width > s_large.Step ? s_large : s_small;

    // The gradient goes the other way through the window.
    private static void TransformTurned(WinogradTransform transform, ReadOnlySpan<float> kernel, Span<float> points)
    {
        Span<float> turned = stackalloc float[kernel.Length];
        kernel.CopyTo(turned);
        turned.Reverse();
        transform.TransformKernel(turned, points);
    }
}
