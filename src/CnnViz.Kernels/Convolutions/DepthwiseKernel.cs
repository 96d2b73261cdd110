namespace CnnViz.Kernels;

/// <summary>A convolution of each channel by itself, as many groups as channels.</summary>
internal sealed unsafe class DepthwiseKernel : Kernel
{
    private readonly ConvolutionWeights _weights;
    private readonly MapWindow _window;
    private readonly InputGradientGeometry _rows;
    private readonly InputGradientGeometry _columns;

    // Found at the first run: maps lie in the same way at every one.
    private ChannelProduct? _forward;
    private ChannelProduct[,]? _backward;

    /// <param name="weights">C×1×h×w in C groups.</param>
    /// <param name="window">The window.</param>
    /// <param name="input">The input's size.</param>
    public DepthwiseKernel(ConvolutionWeights weights, MapWindow window, MapShape input)
        : base(input, window.Slide(input, input.Channels))
    {
        (_weights, _window) = (weights, window);
        _rows = new InputGradientGeometry(window.Rows, input.Height, Output.Height, isWide: false);
        _columns = new InputGradientGeometry(window.Columns, input.Width, Output.Width, isWide: false);
        Halo = window.Beyond(input);
    }

    /// <summary>Whether a convolution is of that kind.</summary>
    public static bool Fits(ConvolutionWeights weights) => weights.Groups > 1 && weights.Inputs == 1 && weights.GroupOutputs == 1;

    internal override int Halo { get; }

    internal override int GradientHalo => Math.Max(_rows.Halo, _columns.Halo);

    internal override bool CanClamp => true;

    internal override void Forward(KernelMaps maps, Share share)
    {
        (MapView input, MapView output) = (maps.Inputs[0], maps.Output);
        (int down, int across) = (_window.Rows.Stride, _window.Columns.Stride);
        ChannelProduct product = _forward ??= new ChannelProduct(PackForward(), [.. ForwardTaps(input)]);
        fixed (float* bias = _weights.Bias)
        {
            foreach (RowBand band in share.Bands(output.Images, output.Shape.Height))
            {
                for (int row = band.First; row < band.Last; row++)
                {
                    product.Run(
                        input.At(band.Image, row * down, 0),
                        across * input.PixelStride,
                        output.At(band.Image, row, 0),
                        output.PixelStride,
                        output.Shape.Width,
                        bias,
                        Range,
                        default);
                }
            }
        }
    }

    internal override void Backward(KernelMaps maps, int input, GradientWrite write, Share share)
    {
        (MapView gradient, MapView result) = (maps.Gradient, maps.InputGradients[0]);
        (int down, int across) = (_window.Rows.Stride, _window.Columns.Stride);
        ChannelProduct[,] products = _backward ??= Products(gradient);
        foreach (RowBand band in share.Bands(result.Images, result.Shape.Height))
        {
            for (int row = band.First; row < band.Last; row++)
            {
                for (int column = 0; column < Math.Min(across, result.Shape.Width); column++)
                {
                    products[row % down, column].Run(
                        gradient.At(band.Image, row / down, 0),
                        gradient.PixelStride,
                        result.At(band.Image, row, column),
                        across * result.PixelStride,
                        (result.Shape.Width - column + across - 1) / across,
                        null,
                        null,
                        write);
                }
            }
        }
    }

    private IEnumerable<nint> ForwardTaps(MapView input) =>
        from row in Enumerable.Range(0, _weights.Height)
        from column in Enumerable.Range(0, _weights.Width)
        select ((nint)row * _window.Rows.Dilation - _window.Rows.Before) * input.RowStride
            + ((nint)column * _window.Columns.Dilation - _window.Columns.Before) * input.PixelStride;

    private PackedWeights PackForward() => _weights.Pack("depthwise", weights => new PackedWeights(
        _weights.Height * _weights.Width, 1, _weights.Outputs, (_, channel, taps) => weights.Of(channel, 0).CopyTo(taps)));

    // For the places that leave a row and a column when the stride divides them, as in PhaseGradient.
    private ChannelProduct[,] Products(MapView gradient)
    {
        var products = new ChannelProduct[_window.Rows.Stride, _window.Columns.Stride];
        for (int row = 0; row < _window.Rows.Stride; row++)
        {
            for (int column = 0; column < _window.Columns.Stride; column++)
            {
                (int[] down, int[] across) = (_rows.TapsOf(row), _columns.TapsOf(column));
                int[] places =
                [
                    .. down.SelectMany(y => across.Select(x =>
                        _rows.KernelPlace(row, y)!.Value * _weights.Width + _columns.KernelPlace(column, x)!.Value)),
                ];
                products[row, column] = new ChannelProduct(
                    PackBackward(row, column, places),
                    [.. down.SelectMany(y => across.Select(x => (nint)y * gradient.RowStride + (nint)x * gradient.PixelStride))]);
            }
        }

        return products;
    }

    private PackedWeights PackBackward(int row, int column, int[] places) =>
        _weights.Pack($"depthwise back {row} {column} {_window.Rows.Before} {_window.Columns.Before}", weights => new PackedWeights(
            places.Length,
            1,
            _weights.Outputs,
            (_, channel, taps) =>
            {
                ReadOnlySpan<float> all = weights.Of(channel, 0);
                for (int tap = 0; tap < places.Length; tap++)
                {
                    taps[tap] = all[places[tap]];
                }
            }));
}
