using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Models.Operators;

/// <summary>Cross-correlation of N×C×H×W with weights O×(C/groups)×h×w.</summary>
internal sealed class Conv2d : Operator
{
    private readonly torch.Tensor _weight;
    private readonly torch.Tensor? _bias;
    private readonly Window _window;
    private readonly long _groups;

    public Conv2d(torch.Tensor weight, torch.Tensor? bias, Window window, long groups)
    {
        _weight = Own(weight);
        _bias = OwnOptional(bias);
        _window = window;
        _groups = groups;
    }

    public override string Kind => "Conv2d";

    public override float[] FilterNorms => _weight.RowNorms();

    public override torch.Tensor Forward(torch.Tensor[] inputs)
    {
        torch.Tensor input = inputs[0];
        Padding padding = _window.PaddingFor(input.shape[2], input.shape[3]);
        if (!padding.IsSymmetric)
        {
            input = pad(input, padding.ToTorch());
            padding = default;
        }

        return conv2d(input, _weight, _bias, _window.Stride.ToArray(), [padding.Top, padding.Left], _window.Dilation.ToArray(), _groups);
    }

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) => _window.Slide(field, from);
}

/// <summary>Transposed convolution of N×C×H×W with weights C×(O/groups)×h×w.</summary>
internal sealed class ConvTranspose2d : Operator
{
    private readonly torch.Tensor _weight;
    private readonly torch.Tensor? _bias;
    private readonly Window _window;
    private readonly Extent _outputPadding;
    private readonly Extent? _outputShape;
    private readonly long _groups;

    /// <param name="weight">C×(O/groups)×h×w.</param>
    /// <param name="bias">O values, or null.</param>
    /// <param name="window">Kernel, stride, dilation, and the padding that is cut from the full output.</param>
    /// <param name="outputPadding">Rows and columns added at the end.</param>
    /// <param name="outputShape">The wanted height and width, from which the padding follows; or null.</param>
    /// <param name="groups">Number of groups of channels.</param>
    public ConvTranspose2d(
        torch.Tensor weight, torch.Tensor? bias, Window window, Extent outputPadding, Extent? outputShape, long groups)
    {
        _weight = Own(weight);
        _bias = OwnOptional(bias);
        _window = window;
        _outputPadding = outputPadding;
        _outputShape = outputShape;
        _groups = groups;
    }

    public override string Kind => "ConvTranspose2d";

    public override torch.Tensor Forward(torch.Tensor[] inputs)
    {
        torch.Tensor input = inputs[0];
        Extent stride = _window.Stride;
        ((long top, long bottom), (long left, long right)) = Cuts(input.shape[2], input.shape[3]);

        var padding = new Padding(top, left, bottom, right);
        TensorSize.Check(
            input.shape[0],
            _weight.shape[1] * _groups,
            stride.Height * (input.shape[2] - 1) + _window.Reach.Height + _outputPadding.Height,
            stride.Width * (input.shape[3] - 1) + _window.Reach.Width + _outputPadding.Width);
        if (padding.IsSymmetric)
        {
            return conv_transpose2d(
                input, _weight, _bias, stride.ToArray(), [top, left], _outputPadding.ToArray(), _window.Dilation.ToArray(), _groups);
        }

        // Rows and columns that are added lie beyond the reach of the kernel: they are the bias alone.
        torch.Tensor full = conv_transpose2d(input, _weight, null, stride.ToArray(), [0, 0], [0, 0], _window.Dilation.ToArray(), _groups);
        torch.Tensor cut = pad(full, [-left, _outputPadding.Width - right, -top, _outputPadding.Height - bottom]);
        return _bias is null ? cut : cut + _bias.reshape(1, -1, 1, 1);
    }

    private ((long Top, long Bottom) Rows, (long Left, long Right) Columns) Cuts(long height, long width) => (
        Cut(height, _outputShape?.Height, _window.Stride.Height, _window.Reach.Height,
            _outputPadding.Height, _window.Padding.Top, _window.Padding.Bottom),
        Cut(width, _outputShape?.Width, _window.Stride.Width, _window.Reach.Width,
            _outputPadding.Width, _window.Padding.Left, _window.Padding.Right));

    // The padding rules of the ONNX operator: an explicit output shape, or "same", decides how much of the full output is cut.
    private (long Begin, long End) Cut(
        long size, long? wanted, long stride, long reach, long outputPadding, long begin, long end)
    {
        if (wanted is null && _window.Rule == PaddingRule.Explicit)
        {
            return (begin, end);
        }

        long total = stride * (size - 1) + outputPadding + reach - (wanted ?? size * stride);
        if (total < 0)
        {
            return wanted is null ? (0, 0) : (0, total);
        }

        long small = total / 2;
        return _window.Rule == PaddingRule.SameUpper ? (small, total - small) : (total - small, small);
    }

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to)
    {
        ((long top, _), (long left, _)) = Cuts(from.Height, from.Width);
        (double rows, double firstRow) = Axis(top, _window.Reach.Height, _window.Stride.Height);
        (double columns, double firstColumn) = Axis(left, _window.Reach.Width, _window.Stride.Width);
        return field.Slide(
            (rows, columns), (1.0 / _window.Stride.Height, 1.0 / _window.Stride.Width), (firstRow, firstColumn));

        // Output position q sees what lies around input position (q + cut − (reach − 1) ÷ 2) ÷ stride.
        static (double Taps, double First) Axis(long cut, double reach, double stride)
        {
            double taps = Math.Ceiling(reach / stride);
            return (taps, (cut - (reach - 1) / 2) / stride - (taps - 1) / 2);
        }
    }
}
