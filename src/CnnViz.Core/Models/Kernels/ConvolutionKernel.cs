using CnnViz.Models.Operators;

namespace CnnViz.Models.Kernels;

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

    private bool IsNarrow { get; }

    private Extent Kernel => _weights.Kernel;

    public override void Forward(KernelMaps maps, Share share)
    {
        MapView input = maps.Inputs[0];
        MapView output = maps.Output;
        (int first, int last) = share.Of(output.Pixels);
        (int down, int across) = ((int)_stride.Height, (int)_stride.Width);
        for (int group = 0; group < _weights.Groups; group++)
        {
            int inputs = group * _weights.Inputs;
            int outputs = group * _weights.GroupOutputs;
            fixed (float* bias = _weights.Bias)
            {
                ForwardProduct(input, group).Run(
                    first,
                    last,
                    pixel =>
                    {
                        (int image, int row, int column) = output.Place(pixel);
                        return input.At(image, row * down, column * across) + inputs;
                    },
                    pixel => output.Pixel(pixel) + outputs,
                    bias + outputs,
                    Range,
                    accumulate: false);
            }
        }
    }

    public override void Backward(KernelMaps maps, int input, bool accumulate, Share share)
    {
        if (IsNarrow)
        {
            BackwardInBlocks(maps, accumulate, share);
            return;
        }

        MapView gradient = maps.Gradient;
        MapView result = maps.InputGradients[0];
        for (int group = 0; group < _weights.Groups; group++)
        {
            int inputs = group * _weights.Inputs;
            int outputs = group * _weights.GroupOutputs;
            for (int row = 0; row < _stride.Height; row++)
            {
                for (int column = 0; column < _stride.Width; column++)
                {
                    BackwardPhase(gradient, result, group, row, column, accumulate, share);
                }
            }
        }
    }

    // Pixels whose places leave the same rest when they are divided by the stride are reached by the same places of the window.
    private void BackwardPhase(MapView gradient, MapView result, int group, int row, int column, bool accumulate, Share share)
    {
        (int down, int across) = ((int)_stride.Height, (int)_stride.Width);
        int height = (_input.Height - row + down - 1) / down;
        int width = (_input.Width - column + across - 1) / across;
        if (height <= 0 || width <= 0)
        {
            return;
        }

        int[] rows = [.. _rows.Taps.Where(tap => _rows.KernelPlace(row, tap) is not null)];
        int[] columns = [.. _columns.Taps.Where(tap => _columns.KernelPlace(column, tap) is not null)];
        int inputs = group * _weights.Inputs;
        int outputs = group * _weights.GroupOutputs;
        PackedWeights packed = _weights.Pack($"back {group} {row} {column} {_padding.Top} {_padding.Left}", weights => new PackedWeights(
            rows.Length * columns.Length,
            _weights.GroupOutputs,
            _weights.Inputs,
            (tap, output, lane) => weights[
                outputs + output,
                lane,
                _rows.KernelPlace(row, rows[tap / columns.Length])!.Value,
                _columns.KernelPlace(column, columns[tap % columns.Length])!.Value]));
        nint[] taps = [.. rows.SelectMany(y => columns.Select(x => (nint)y * gradient.RowStride + (nint)x * gradient.PixelStride))];
        int pixels = height * width;
        (int first, int last) = share.Of(gradient.Images * pixels);
        new GatherProduct(packed, taps).Run(
            first,
            last,
            number => gradient.At(number / pixels, number % pixels / width, number % width) + outputs,
            number => result.At(number / pixels, number % pixels / width * down + row, number % width * across + column) + inputs,
            null,
            null,
            accumulate);
    }

    private void BackwardInBlocks(KernelMaps maps, bool accumulate, Share share)
    {
        MapView gradient = maps.Gradient;
        MapView result = maps.InputGradients[0];
        int channels = _weights.Inputs;
        (int tall, int wide) = (_rows.Block, _columns.Block);
        int lanes = tall * wide * channels;
        PackedWeights packed = _weights.Pack($"blocks {_padding.Top} {_padding.Left}", weights => new PackedWeights(
            _rows.Taps.Length * _columns.Taps.Length,
            _weights.Outputs,
            lanes,
            (tap, output, lane) =>
            {
                (int place, int channel) = Math.DivRem(lane, channels);
                int? row = _rows.KernelPlace(place / wide, _rows.Taps[tap / _columns.Taps.Length]);
                int? column = _columns.KernelPlace(place % wide, _columns.Taps[tap % _columns.Taps.Length]);
                return row is null || column is null ? 0 : weights[output, channel, row.Value, column.Value];
            }));
        nint[] taps =
            [.. _rows.Taps.SelectMany(y => _columns.Taps.Select(x => (nint)y * gradient.RowStride + (nint)x * gradient.PixelStride))];
        var product = new GatherProduct(packed, taps);
        (int height, int width) = (_rows.Blocks, _columns.Blocks);
        int blocks = height * width;
        (int first, int last) = share.Of(gradient.Images * blocks);
        float[] line = new float[width * lanes];
        fixed (float* values = line)
        {
            float* start = values;
            for (int at = first; at < last;)
            {
                // As far as the row of blocks goes.
                (int image, int block) = Math.DivRem(at, blocks);
                (int row, int column) = Math.DivRem(block, width);
                int end = Math.Min(last, at + width - column);
                int begin = at;
                product.Run(
                    begin,
                    end,
                    number => gradient.At(image, row * _rows.Step, (column + number - begin) * _columns.Step),
                    number => start + (number - begin) * lanes,
                    null,
                    null,
                    accumulate: false);
                for (int number = begin; number < end; number++)
                {
                    Spread(start + (number - begin) * lanes, result, image, row * tall, (column + number - begin) * wide, accumulate);
                }

                at = end;
            }
        }
    }

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
        (int height, int width) = ((int)Kernel.Height, (int)Kernel.Width);
        int outputs = group * _weights.GroupOutputs;

        // Of few channels without gaps between pixels, a row of the window is one place.
        bool isJoined = IsNarrow && _dilation.Width == 1 && input.PixelStride == _weights.Inputs;
        PackedWeights packed = isJoined
            ? _weights.Pack("joined", weights => new PackedWeights(
                height,
                width * _weights.Inputs,
                _weights.Outputs,
                (tap, depth, lane) => weights[lane, depth % _weights.Inputs, tap, depth / _weights.Inputs]))
            : _weights.Pack($"{group}", weights => new PackedWeights(
                height * width,
                _weights.Inputs,
                _weights.GroupOutputs,
                (tap, depth, lane) => weights[outputs + lane, depth, tap / width, tap % width]));
        IEnumerable<nint> taps = Enumerable.Range(0, height).SelectMany(row => Enumerable.Range(0, isJoined ? 1 : width).Select(column =>
            ((nint)row * (nint)_dilation.Height - (nint)_padding.Top) * input.RowStride
            + ((nint)column * (nint)_dilation.Width - (nint)_padding.Left) * input.PixelStride));
        return new GatherProduct(packed, [.. taps]);
    }

    // How far windows reach beyond the input, at either end.
    private static int Beyond(int positions, long stride, long reach, long padding, int size) =>
        (int)Math.Max(0, Math.Max(padding, (positions - 1) * stride + reach - padding - size));
}
