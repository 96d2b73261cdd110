namespace CnnViz.Kernels;

/// <summary>A convolution of any window, in groups or not.</summary>
internal sealed unsafe class ConvolutionKernel : Kernel
{
    private readonly ConvolutionWeights _weights;
    private readonly MapWindow _window;
    private readonly InputGradient _gradient;

    // Found at the first run: maps lie in the same way at every one.
    private GatherProduct[]? _forward;

    /// <param name="weights">The weights.</param>
    /// <param name="window">The window.</param>
    /// <param name="input">The input's size.</param>
    public ConvolutionKernel(ConvolutionWeights weights, MapWindow window, MapShape input)
        : base(input, window.Slide(input, weights.Outputs))
    {
        (_weights, _window) = (weights, window);

        // With few channels, such as colours, a block of pixels fills the vectors that one pixel would leave empty.
        _gradient = IsNarrow ? new BlockGradient(weights, window, input, Output) : new PhaseGradient(weights, window, input, Output);
        Halo = window.Beyond(input);
    }

    internal override int Halo { get; }

    internal override int GradientHalo => _gradient.Halo;

    internal override bool CanClamp => true;

    internal override bool CanPass => !IsNarrow;

    private bool IsNarrow => _weights.Inputs < Lanes.Count && _weights.Groups == 1;

    internal override void Prepare()
    {
        for (int group = 0; group < (IsNarrow ? 0 : _weights.Groups); group++)
        {
            Pack(group);
        }

        _gradient.Prepare();
    }

    internal override void Forward(KernelMaps maps, Share share)
    {
        MapView input = maps.Inputs[0];
        MapView output = maps.Output;
        (int down, int across) = (_window.Rows.Stride, _window.Columns.Stride);
        GatherProduct[] products = _forward ??= [.. Enumerable.Range(0, _weights.Groups).Select(group => Product(input, group))];
        for (int group = 0; group < _weights.Groups; group++)
        {
            int inputs = group * _weights.Inputs;
            int outputs = group * _weights.GroupOutputs;
            fixed (float* bias = _weights.Bias)
            {
                products[group].Run(
                    output.Pixels,
                    output.Images,
                    share,
                    pixel =>
                    {
                        (int image, int row, int column) = output.Place(pixel);
                        return input.At(image, row * down, column * across) + inputs;
                    },
                    pixel => output.Pixel(pixel) + outputs,
                    bias + outputs,
                    Range,
                    default);
            }
        }
    }

    internal override void Backward(KernelMaps maps, int input, GradientWrite write, Share share) =>
        _gradient.Run(maps.Gradient, maps.InputGradients[0], write, share);

    private GatherProduct Product(MapView input, int group)
    {
        // Of few channels without gaps between pixels, a row of the window is one place.
        bool isJoined = IsNarrow && _window.Columns.Dilation == 1 && input.PixelStride == _weights.Inputs;
        int width = isJoined ? 1 : _weights.Width;
        IEnumerable<nint> taps = Enumerable.Range(0, _weights.Height).SelectMany(row => Enumerable.Range(0, width).Select(column =>
            ((nint)row * _window.Rows.Dilation - _window.Rows.Before) * input.RowStride
            + ((nint)column * _window.Columns.Dilation - _window.Columns.Before) * input.PixelStride));
        return new GatherProduct(isJoined ? PackJoined() : Pack(group), [.. taps]);
    }

    private PackedWeights Pack(int group)
    {
        int outputs = group * _weights.GroupOutputs;
        return _weights.Pack($"{group}", weights => new PackedWeights(
            _weights.Height * _weights.Width,
            _weights.Inputs,
            _weights.GroupOutputs,
            (input, output, taps) => weights.Of(outputs + output, input).CopyTo(taps)));
    }

    private PackedWeights PackJoined() => _weights.Pack("joined", weights => new PackedWeights(
        _weights.Height,
        _weights.Width * _weights.Inputs,
        _weights.Outputs,
        (input, output, taps) =>
        {
            (int column, int channel) = Math.DivRem(input, _weights.Inputs);
            for (int row = 0; row < taps.Length; row++)
            {
                taps[row] = weights[output, channel, row, column];
            }
        }));
}
