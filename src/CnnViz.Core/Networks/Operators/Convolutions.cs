using CnnViz.Kernels;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Networks.Operators;

/// <summary>What both convolutions share: weights, window, groups, and channels in whole blocks.</summary>
internal abstract class Convolution : Operator
{
    private readonly ChannelBlocks? _blocks;

    protected Convolution(torch.Tensor weight, torch.Tensor? bias, Window window, long groups, bool transposed)
    {
        _blocks = ChannelBlocks.For(weight, groups, transposed);
        Weight = Own(_blocks?.FillWeight(weight) ?? weight);
        Bias = OwnOptional(bias is null ? null : _blocks?.FillBias(bias) ?? bias);
        Window = window;
        Groups = groups;
    }

    public override long ParameterCount => OwnWeight().numel() + (Bias is null ? 0 : _blocks?.Outputs ?? Bias.numel());

    public override bool IsAffine => true;

    protected torch.Tensor Weight { get; }

    protected torch.Tensor? Bias { get; }

    protected Window Window { get; }

    protected long Groups { get; }

    public sealed override torch.Tensor Forward(torch.Tensor[] inputs)
    {
        torch.Tensor output = Convolve(_blocks?.FillInput(inputs[0]) ?? inputs[0]);
        return _blocks?.CutOutput(output) ?? output;
    }

    protected abstract torch.Tensor Convolve(torch.Tensor input);

    /// <summary>The weight as it was given.</summary>
    protected torch.Tensor OwnWeight() => _blocks?.CutWeight(Weight) ?? Weight.alias();

    /// <summary>Its values, for threads that have no scope of their own.</summary>
    protected float[] ReadWeight()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return OwnWeight().ToFloats();
    }
}

/// <summary>Cross-correlation of N×C×H×W with weights O×(C/groups)×h×w.</summary>
internal sealed class Conv2d(torch.Tensor weight, torch.Tensor? bias, Window window, long groups)
    : Convolution(weight, bias, window, groups, transposed: false)
{
    private ConvolutionWeights? _kernelWeights;

    public override string Kind => "Conv2d";

    protected override Kernel? CreateKernel(MapShape[] inputs)
    {
        ConvolutionWeights weights = _kernelWeights ??= KernelWeights();
        return inputs[0].Channels == weights.Inputs * weights.Groups && Window.On(inputs[0]) is { } window
            ? Kernel.Convolution(weights, window, inputs[0])
            : null;
    }

    private ConvolutionWeights KernelWeights()
    {
        using torch.Tensor weight = OwnWeight();
        long[] shape = weight.shape;
        return new ConvolutionWeights(
            ReadWeight,
            Bias?.ToFloats()[..(int)shape[0]],
            (int)shape[0],
            (int)shape[1],
            (int)Window.Kernel.Height,
            (int)Window.Kernel.Width,
            (int)Groups);
    }

    public override float[] FilterNorms
    {
        get
        {
            using torch.Tensor own = OwnWeight();
            return own.RowNorms();
        }
    }

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) => Window.Slide(field, from);

    protected override long[]? SketchShape(torch.Tensor[] inputs)
    {
        if (inputs[0].shape is not [var images, var channels, var height, var width])
        {
            return null;
        }

        using torch.Tensor own = OwnWeight();
        Padding padding = Window.PaddingFor(height, width);
        long rows = height + padding.Top + padding.Bottom - Window.Reach.Height;
        long columns = width + padding.Left + padding.Right - Window.Reach.Width;
        bool fits = channels == own.shape[1] * Groups && own.shape[0] % Groups == 0 && rows >= 0 && columns >= 0;
        return fits ? [images, own.shape[0], rows / Window.Stride.Height + 1, columns / Window.Stride.Width + 1] : null;
    }

    /// <summary>This convolution with a factor and a summand for each channel after it, as one convolution.</summary>
    /// <param name="gain">O factors.</param>
    /// <param name="offset">O summands.</param>
    public Conv2d Then(torch.Tensor gain, torch.Tensor offset)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor scaled = OwnWeight() * gain.reshape(-1, 1, 1, 1);
        torch.Tensor moved = Bias is null ? offset.clone() : (Bias.narrow(0, 0, gain.numel()) * gain).Add(offset);
        return new Conv2d(scaled, moved, Window, Groups);
    }

    protected override torch.Tensor Convolve(torch.Tensor input)
    {
        Padding padding = Window.PaddingFor(input.shape[2], input.shape[3]);
        Extent stride = Window.Stride;
        bool skips = Window.Kernel == Extent.One && stride != Extent.One;
        if (!padding.IsSymmetric || (skips && !padding.IsNone))
        {
            input = pad(input, padding.ToTorch());
            padding = default;
        }

        // The gradient of a 1×1 convolution with strides ends the process in oneDNN's search for blocks (libtorch 2.10, AVX-512, from 256
        // channels on). What is skipped need not be there.
        if (skips)
        {
            input = input.slice(2, 0, input.shape[2], stride.Height).slice(3, 0, input.shape[3], stride.Width);
            stride = Extent.One;
        }

        return conv2d(input, Weight, Bias, stride.ToArray(), [padding.Top, padding.Left], Window.Dilation.ToArray(), Groups);
    }
}

/// <summary>Transposed convolution of N×C×H×W with weights C×(O/groups)×h×w.</summary>
internal sealed class ConvTranspose2d : Convolution
{
    // Of a map that kernels are made for.
    private const long LongestSide = 1 << 14;

    private readonly Extent _outputPadding;
    private readonly Extent? _outputShape;
    private ConvolutionWeights? _kernelWeights;

    /// <param name="weight">C×(O/groups)×h×w.</param>
    /// <param name="bias">O values, or null.</param>
    /// <param name="window">Kernel, stride, dilation, and the padding that is cut from the full output.</param>
    /// <param name="outputPadding">Rows and columns added at the end.</param>
    /// <param name="outputShape">The wanted height and width, from which the padding follows; or null.</param>
    /// <param name="groups">Number of groups of channels.</param>
    public ConvTranspose2d(
        torch.Tensor weight, torch.Tensor? bias, Window window, Extent outputPadding, Extent? outputShape, long groups)
        : base(weight, bias, window, groups, transposed: true)
    {
        _outputPadding = outputPadding;
        _outputShape = outputShape;
    }

    public override string Kind => "ConvTranspose2d";

    protected override Kernel? CreateKernel(MapShape[] inputs)
    {
        using torch.Tensor own = OwnWeight();
        (int channels, int perGroup) = ((int)own.shape[0], (int)own.shape[1]);
        MapShape input = inputs[0];
        ((long top, long bottom), (long left, long right)) = Cuts(input.Height, input.Width);
        long height = Window.Stride.Height * (input.Height - 1) + Window.Reach.Height + _outputPadding.Height - top - bottom;
        long width = Window.Stride.Width * (input.Width - 1) + Window.Reach.Width + _outputPadding.Width - left - right;
        if (channels != input.Channels || Math.Min(Math.Min(top, bottom), Math.Min(left, right)) < 0
            || Math.Min(height, width) < 1 || Math.Max(height, width) > LongestSide)
        {
            return null;
        }

        var output = new MapShape(perGroup * (int)Groups, (int)height, (int)width);
        var window = new Window(Window.Kernel, Window.Stride, Window.Dilation, new Padding(top, left, bottom, right));
        return window.On(output) is { } axes && axes.Slide(output, channels) == input
            ? Kernel.TransposedConvolution(_kernelWeights ??= KernelWeights(channels, perGroup), Bias?.ToFloats()[..output.Channels], axes, input, output)
            : null;
    }

    private ConvolutionWeights KernelWeights(int channels, int perGroup) => new(
        ReadWeight, null, channels, perGroup, (int)Window.Kernel.Height, (int)Window.Kernel.Width, (int)Groups);

    protected override torch.Tensor Convolve(torch.Tensor input)
    {
        Extent stride = Window.Stride;
        ((long top, long bottom), (long left, long right)) = Cuts(input.shape[2], input.shape[3]);

        var padding = new Padding(top, left, bottom, right);
        TensorSize.Check(
            input.shape[0],
            Weight.shape[1] * Groups,
            stride.Height * (input.shape[2] - 1) + Window.Reach.Height + _outputPadding.Height,
            stride.Width * (input.shape[3] - 1) + Window.Reach.Width + _outputPadding.Width);
        if (padding.IsSymmetric)
        {
            return conv_transpose2d(
                input, Weight, Bias, stride.ToArray(), [top, left], _outputPadding.ToArray(), Window.Dilation.ToArray(), Groups);
        }

        // Rows and columns that are added lie beyond the reach of the kernel: they are the bias alone.
        torch.Tensor full = conv_transpose2d(input, Weight, null, stride.ToArray(), [0, 0], [0, 0], Window.Dilation.ToArray(), Groups);
        torch.Tensor cut = pad(full, [-left, _outputPadding.Width - right, -top, _outputPadding.Height - bottom]);
        return Bias is null ? cut : cut.Add(Bias.reshape(1, -1, 1, 1));
    }

    protected override long[]? SketchShape(torch.Tensor[] inputs)
    {
        if (inputs[0].shape is not [var images, var channels, var height, var width])
        {
            return null;
        }

        using torch.Tensor own = OwnWeight();
        ((long top, long bottom), (long left, long right)) = Cuts(height, width);
        return channels == own.shape[0]
            ?
            [
                images,
                own.shape[1] * Groups,
                Window.Stride.Height * (height - 1) + Window.Reach.Height + _outputPadding.Height - top - bottom,
                Window.Stride.Width * (width - 1) + Window.Reach.Width + _outputPadding.Width - left - right,
            ]
            : null;
    }

    private ((long Top, long Bottom) Rows, (long Left, long Right) Columns) Cuts(long height, long width) => (
        Cut(height, _outputShape?.Height, Window.Stride.Height, Window.Reach.Height,
            _outputPadding.Height, Window.Padding.Top, Window.Padding.Bottom),
        Cut(width, _outputShape?.Width, Window.Stride.Width, Window.Reach.Width,
            _outputPadding.Width, Window.Padding.Left, Window.Padding.Right));

    // The padding rules of the ONNX operator: an explicit output shape, or "same", decides how much of the full output is cut.
    private (long Begin, long End) Cut(
        long size, long? wanted, long stride, long reach, long outputPadding, long begin, long end)
    {
        if (wanted is null && Window.Rule == PaddingRule.Explicit)
        {
            return (begin, end);
        }

        long total = stride * (size - 1) + outputPadding + reach - (wanted ?? size * stride);
        if (total < 0)
        {
            return wanted is null ? (0, 0) : (0, total);
        }

        long small = total / 2;
        return Window.Rule == PaddingRule.SameUpper ? (small, total - small) : (total - small, small);
    }

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to)
    {
        ((long top, _), (long left, _)) = Cuts(from.Height, from.Width);
        (double rows, double firstRow) = Axis(top, Window.Reach.Height, Window.Stride.Height);
        (double columns, double firstColumn) = Axis(left, Window.Reach.Width, Window.Stride.Width);
        return field.Slide(
            (rows, columns), (1.0 / Window.Stride.Height, 1.0 / Window.Stride.Width), (firstRow, firstColumn));

        // Output position q sees what lies around input position (q + cut − (reach − 1) ÷ 2) ÷ stride.
        static (double Taps, double First) Axis(long cut, double reach, double stride)
        {
            double taps = Math.Ceiling(reach / stride);
            return (taps, (cut - (reach - 1) / 2) / stride - (taps - 1) / 2);
        }
    }
}
