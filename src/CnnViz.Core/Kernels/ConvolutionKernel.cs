using CnnViz.Networks;
using CnnViz.Networks.Operators;

namespace CnnViz.Kernels;

/// <summary>A convolution of any window, in groups or not.</summary>
internal sealed unsafe class ConvolutionKernel : Kernel
{
    private readonly ConvolutionWeights _weights;
    private readonly MapShape _input;
    private readonly Extent _stride;
    private readonly Extent _dilation;
    private readonly Padding _padding;
    private readonly InputGradientGeometry _rows;
    private readonly InputGradientGeometry _columns;

    // Found at the first run: maps lie in the same way at every one.
    private GatherProduct[]? _forward;
    private Phase[]? _phases;
    private GatherProduct? _blocks;

    /// <param name="weights">The weights.</param>
    /// <param name="window">The window.</param>
    /// <param name="input">The input's size.</param>
    public ConvolutionKernel(ConvolutionWeights weights, Window window, MapShape input)
    {
        _weights = weights;
        _input = input;
        _stride = window.Stride;
        _dilation = window.Dilation;
        _padding = window.PaddingFor(input.Height, input.Width);
        Output = new MapShape(
            weights.Outputs,
            (int)((input.Height + _padding.Top + _padding.Bottom - window.Reach.Height) / _stride.Height + 1),
            (int)((input.Width + _padding.Left + _padding.Right - window.Reach.Width) / _stride.Width + 1));

        // With few channels, such as colours, a block of pixels fills the vectors that one pixel would leave empty.
        bool isNarrow = weights.Inputs < Lanes.Count && weights.Groups == 1;
        _rows = new InputGradientGeometry(
            input.Height, Output.Height, window.Kernel.Height, _stride.Height, _dilation.Height, _padding.Top, isNarrow);
        _columns = new InputGradientGeometry(
            input.Width, Output.Width, window.Kernel.Width, _stride.Width, _dilation.Width, _padding.Left, isNarrow);
        IsNarrow = isNarrow;
        Halo = Math.Max(
            Beyond(Output.Height, _stride.Height, window.Reach.Height, _padding.Top, input.Height),
            Beyond(Output.Width, _stride.Width, window.Reach.Width, _padding.Left, input.Width));
        GradientHalo = Math.Max(_rows.Halo, _columns.Halo);
    }

    public override MapShape Output { get; }

    public override int Halo { get; }

    public override int GradientHalo { get; }

    public override bool CanClamp => true;

    public override bool CanPass => !IsNarrow;

    private bool IsNarrow { get; }

    private Extent Kernel => _weights.Kernel;

    public override void Prepare()
    {
        for (int group = 0; group < (IsNarrow ? 0 : _weights.Groups); group++)
        {
            PackForward(group);
            foreach ((int row, int column) in PhasePlaces)
            {
                PackBackward(group, row, column);
            }
        }
    }

    public override void Forward(KernelMaps maps, Share share)
    {
        MapView input = maps.Inputs[0];
        MapView output = maps.Output;
        (int down, int across) = ((int)_stride.Height, (int)_stride.Width);
        GatherProduct[] products = _forward ??= [.. Enumerable.Range(0, _weights.Groups).Select(group => ForwardProduct(input, group))];
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

    public override void Backward(KernelMaps maps, int input, GradientWrite write, Share share)
    {
        if (IsNarrow)
        {
            BackwardInBlocks(maps, write.Accumulate, share);
            return;
        }

        MapView gradient = maps.Gradient;
        MapView result = maps.InputGradients[0];
        (int down, int across) = ((int)_stride.Height, (int)_stride.Width);
        foreach (Phase phase in _phases ??= [.. Phases(gradient)])
        {
            int inputs = phase.Group * _weights.Inputs;
            int outputs = phase.Group * _weights.GroupOutputs;
            (int width, int pixels) = (phase.Width, phase.Width * phase.Height);
            phase.Product.Run(
                gradient.Images * pixels,
                gradient.Images,
                share,
                number => gradient.At(number / pixels, number % pixels / width, number % width) + outputs,
                number => result.At(
                    number / pixels, number % pixels / width * down + phase.Row, number % width * across + phase.Column) + inputs,
                null,
                null,
                write);
        }
    }

    // Pixels whose places leave the same rest when they are divided by the stride are reached by the same places of the window.
    private IEnumerable<(int Row, int Column)> PhasePlaces =>
        from row in Enumerable.Range(0, (int)Math.Min(_stride.Height, _input.Height))
        from column in Enumerable.Range(0, (int)Math.Min(_stride.Width, _input.Width))
        select (row, column);

    private IEnumerable<Phase> Phases(MapView gradient) =>
        from @group in Enumerable.Range(0, _weights.Groups)
        from place in PhasePlaces
        select new Phase(
            BackwardProduct(gradient, @group, place.Row, place.Column),
            @group,
            place.Row,
            place.Column,
            (int)((_input.Height - place.Row + _stride.Height - 1) / _stride.Height),
            (int)((_input.Width - place.Column + _stride.Width - 1) / _stride.Width));

    private GatherProduct BackwardProduct(MapView gradient, int group, int row, int column) =>
        new(PackBackward(group, row, column), Taps(gradient, _rows.TapsOf(row), _columns.TapsOf(column)));

    private PackedWeights PackBackward(int group, int row, int column)
    {
        int outputs = group * _weights.GroupOutputs;
        return _weights.Pack($"back {group} {row} {column} {_padding.Top} {_padding.Left}", weights =>
        {
            int[] places =
            [
                .. _rows.TapsOf(row).SelectMany(down => _columns.TapsOf(column).Select(across =>
                    _rows.KernelPlace(row, down)!.Value * (int)Kernel.Width + _columns.KernelPlace(column, across)!.Value)),
            ];
            return new PackedWeights(
                places.Length,
                _weights.GroupOutputs,
                _weights.Inputs,
                (output, lane, taps) => Choose(weights.Of(outputs + output, lane), places, taps));
        });
    }

    private static void Choose(ReadOnlySpan<float> weights, int[] places, Span<float> taps)
    {
        for (int tap = 0; tap < taps.Length; tap++)
        {
            taps[tap] = weights[places[tap]];
        }
    }

    private void BackwardInBlocks(KernelMaps maps, bool accumulate, Share share)
    {
        MapView gradient = maps.Gradient;
        MapView result = maps.InputGradients[0];
        GatherProduct product = _blocks ??= BlockProduct(gradient);
        (int tall, int wide) = (_rows.Block, _columns.Block);
        (int height, int width) = (_rows.Blocks, _columns.Blocks);
        int lanes = tall * wide * _weights.Inputs;
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
                    column => gradient.At(image, row * _rows.Step, column * _columns.Step),
                    column => start + column * lanes,
                    null,
                    null,
                    default);
                for (int column = 0; column < width; column++)
                {
                    Spread(start + column * lanes, result, image, row * tall, column * wide, accumulate);
                }
            }
        }
    }

    // The gradient of a block of inputs, pixel by pixel, channel by channel.
    private GatherProduct BlockProduct(MapView gradient)
    {
        int channels = _weights.Inputs;
        int wide = _columns.Block;
        PackedWeights packed = _weights.Pack($"blocks {_padding.Top} {_padding.Left}", weights => new PackedWeights(
            _rows.Taps.Length * _columns.Taps.Length,
            _weights.Outputs,
            _rows.Block * wide * channels,
            (output, lane, taps) =>
            {
                (int place, int channel) = Math.DivRem(lane, channels);
                for (int tap = 0; tap < taps.Length; tap++)
                {
                    int? row = _rows.KernelPlace(place / wide, _rows.Taps[tap / _columns.Taps.Length]);
                    int? column = _columns.KernelPlace(place % wide, _columns.Taps[tap % _columns.Taps.Length]);
                    taps[tap] = row is null || column is null ? 0 : weights[output, channel, row.Value, column.Value];
                }
            }));
        return new GatherProduct(packed, Taps(gradient, _rows.Taps, _columns.Taps));
    }

    private static nint[] Taps(MapView gradient, int[] rows, int[] columns) =>
        [.. rows.SelectMany(row => columns.Select(column => (nint)row * gradient.RowStride + (nint)column * gradient.PixelStride))];

    // From a block's values to its pixels, as far as they are in the image.
    private void Spread(float* block, MapView result, int image, int row, int column, bool accumulate)
    {
        int channels = _weights.Inputs;
        for (int y = 0; y < Math.Min(_rows.Block, _input.Height - row); y++)
        {
            for (int x = 0; x < Math.Min(_columns.Block, _input.Width - column); x++)
            {
                float* target = result.At(image, row + y, column + x);
                float* source = block + (y * _columns.Block + x) * channels;
                for (int channel = 0; channel < channels; channel++)
                {
                    target[channel] = accumulate ? target[channel] + source[channel] : source[channel];
                }
            }
        }
    }

    private GatherProduct ForwardProduct(MapView input, int group)
    {
        // Of few channels without gaps between pixels, a row of the window is one place.
        bool isJoined = IsNarrow && _dilation.Width == 1 && input.PixelStride == _weights.Inputs;
        int width = isJoined ? 1 : (int)Kernel.Width;
        IEnumerable<nint> taps = Enumerable.Range(0, (int)Kernel.Height).SelectMany(row => Enumerable.Range(0, width).Select(column =>
            ((nint)row * (nint)_dilation.Height - (nint)_padding.Top) * input.RowStride
            + ((nint)column * (nint)_dilation.Width - (nint)_padding.Left) * input.PixelStride));
        return new GatherProduct(isJoined ? PackJoined() : PackForward(group), [.. taps]);
    }

    private PackedWeights PackForward(int group)
    {
        int outputs = group * _weights.GroupOutputs;
        return _weights.Pack($"{group}", weights => new PackedWeights(
            (int)(Kernel.Height * Kernel.Width),
            _weights.Inputs,
            _weights.GroupOutputs,
            (input, output, taps) => weights.Of(outputs + output, input).CopyTo(taps)));
    }

    private PackedWeights PackJoined() => _weights.Pack("joined", weights => new PackedWeights(
        (int)Kernel.Height,
        (int)Kernel.Width * _weights.Inputs,
        _weights.Outputs,
        (input, output, taps) =>
        {
            (int column, int channel) = Math.DivRem(input, _weights.Inputs);
            for (int row = 0; row < taps.Length; row++)
            {
                taps[row] = weights[output, channel, row, column];
            }
        }));

    // How far windows reach beyond the input, at either end.
    private static int Beyond(int positions, long stride, long reach, long padding, int size) =>
        (int)Math.Max(0, Math.Max(padding, (positions - 1) * stride + reach - padding - size));

    // A product for some of the input's pixels.
    private sealed record Phase(GatherProduct Product, int Group, int Row, int Column, int Height, int Width);
}
