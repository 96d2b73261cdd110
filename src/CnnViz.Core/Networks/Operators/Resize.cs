using CnnViz.Kernels;
using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>How a resampled value is made of its neighbours.</summary>
internal enum Interpolation
{
    /// <summary>The nearest value.</summary>
    Nearest,

    /// <summary>Two neighbours an axis.</summary>
    Linear,

    /// <summary>Four neighbours an axis, Keys' kernel.</summary>
    Cubic,
}

/// <summary>How an axis is resampled: the choices of the ONNX operator Resize.</summary>
/// <param name="Interpolation">How values are made.</param>
/// <param name="Coordinates">The coordinate transformation, by its ONNX name.</param>
/// <param name="Rounding">For nearest: the rounding, by its ONNX name.</param>
/// <param name="CubicCoefficient">Keys' coefficient, −0.75 or −0.5.</param>
/// <param name="ExcludeOutside">Whether neighbours outside the image weigh nothing, instead of repeating its edge.</param>
/// <param name="Antialias">Whether the kernel widens when an axis shrinks.</param>
internal sealed record ResizeMode(
    Interpolation Interpolation,
    string Coordinates,
    string Rounding = "round_prefer_floor",
    double CubicCoefficient = -0.75,
    bool ExcludeOutside = false,
    bool Antialias = false)
{
    /// <summary>The rounding before it could be chosen: up where the axis shrinks, else down.</summary>
    public const string Opset10Rounding = "simple";
}

/// <summary>
/// Resampling of any axes: each axis is one product with a small matrix (or one selection, for nearest), so that every mode is
/// differentiable and exact.
/// </summary>
/// <param name="mode">How each axis is resampled.</param>
/// <param name="targets">From the inputs, the new size and the scale of each axis.</param>
internal sealed class Resize(ResizeMode mode, Func<torch.Tensor[], (long Size, float Scale)[]> targets) : Operator
{
    // 8192 pixels from as many; beyond it a matrix is no longer the way.
    private const long LargestMatrix = 1 << 26;

    public override string Kind => "Upsample";

    public override torch.Tensor Forward(torch.Tensor[] inputs)
    {
        torch.Tensor output = inputs[0];
        (long Size, float Scale)[] axes = targets(inputs);
        TensorSize.Check([.. axes.Select(axis => axis.Size)]);
        if (IsRepetition(output.shape, axes))
        {
            return torch.nn.functional.interpolate(output, [axes[2].Size, axes[3].Size], mode: torch.InterpolationMode.Nearest);
        }

        for (int axis = 0; axis < axes.Length; axis++)
        {
            (long size, float scale) = axes[axis];
            if (size != output.shape[axis] || scale != 1)
            {
                output = Resample(output, axis, size, scale);
            }
        }

        return output;
    }

    public override bool TakesSizesOfBatches => true;

    public override KernelValue? AddTo(KernelPlanBuilder plan, KernelValue[] inputs)
    {
        if (inputs is not [{ IsMaps: true } value, .. var sizes] || !Array.TrueForAll(sizes, size => size.Constant is not null))
        {
            return null;
        }

        using torch.Tensor blank = value.Blank();
        (long Size, float Scale)[] axes = targets([blank, .. sizes.Select(size => size.Constant!)]);
        return axes.Length == 4 && axes[0].Size == 1 && axes[1] == (value.Shape.Channels, 1f)
            && Taps(value.Shape.Height, axes[2]) is { } rows && Taps(value.Shape.Width, axes[3]) is { } columns
            ? value with { Map = plan.Add(Kernel.Resample(rows, columns, value.Shape), value.Map!) }
            : null;
    }

    // What each place of the result is made of; null for sizes that are none.
    private AxisWeights? Taps(int length, (long Size, float Scale) axis)
    {
        if (axis.Size < 1 || axis.Size * length > LargestMatrix)
        {
            return null;
        }

        if (mode.Interpolation == Interpolation.Nearest)
        {
            return AxisWeights.Pick(length, Nearest(length, axis.Size, axis.Scale).Select(place => (int)place));
        }

        if (axis == (length, 1f))
        {
            return AxisWeights.Pick(length, Enumerable.Range(0, length));
        }

        float[,] weights = Matrix(length, axis.Size, axis.Scale);
        return new AxisWeights(length, [.. Enumerable.Range(0, (int)axis.Size).Select(row => Enumerable.Range(0, length)
            .Where(column => weights[row, column] != 0).Select(column => (column, weights[row, column])).ToArray())]);
    }

    protected override long[] SketchShape(torch.Tensor[] inputs) => [.. targets(inputs).Select(axis => axis.Size)];

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to)
    {
        int taps = mode.Interpolation switch { Interpolation.Nearest => 1, Interpolation.Linear => 2, _ => 4 };
        return field.Slide(
            (taps, taps),
            ((double)from.Height / to.Height, (double)from.Width / to.Width),
            (FirstPosition(from.Height, to.Height) - (taps - 1) / 2.0, FirstPosition(from.Width, to.Width) - (taps - 1) / 2.0));
    }

    private torch.Tensor Resample(torch.Tensor input, int axis, long size, float scale)
    {
        long length = input.shape[axis];
        if (mode.Interpolation == Interpolation.Nearest)
        {
            return input.index_select(axis, torch.tensor(Nearest(length, size, scale), device: input.device));
        }

        if (size * length > LargestMatrix)
        {
            throw new ArgumentException($"{length} values cannot be resized to {size}");
        }

        torch.Tensor matrix = torch.tensor(Matrix(length, size, scale), device: input.device);
        return input.transpose(axis, -1).matmul(matrix.t()).transpose(axis, -1);
    }

    private float[,] Matrix(long length, long size, float scale)
    {
        var weights = new float[size, length];
        for (int row = 0; row < size; row++)
        {
            Fill(weights, row, Position(row, length, size, scale), length, mode.Antialias ? Math.Min(1, scale) : 1);
        }

        return weights;
    }

    private long[] Nearest(long length, long size, float scale) =>
        [.. Enumerable.Range(0, (int)size).Select(i => Math.Clamp(Round(Position(i, length, size, scale), scale), 0, length - 1))];

    // Whether each pixel is repeated twice, four times, …: what most networks do, and what torch has an operation for, several
    // times as fast as picking pixels. With other factors torch may round to the pixel before.
    private bool IsRepetition(long[] shape, (long Size, float Scale)[] axes) =>
        mode.Interpolation == Interpolation.Nearest && shape.Length == 4 && axes.Length == 4
        && axes[0].Size == shape[0] && axes[1] == (shape[1], 1f) && axes[2..].Zip(shape[2..], IsRepetition).All(isSo => isSo);

    private bool IsRepetition((long Size, float Scale) axis, long length)
    {
        long factor = length == 0 ? 0 : axis.Size / length;
        return factor > 0 && long.IsPow2(factor) && factor * length == axis.Size
            && Nearest(length, axis.Size, axis.Scale).Select((pixel, i) => pixel == i / factor).All(isSo => isSo);
    }

    // In single precision, as ONNX Runtime does it: which of two pixels is nearer may depend on the last bit.
    private float Position(int i, long length, long size, float scale) => mode.Coordinates switch
    {
        "half_pixel" => (i + 0.5f) / scale - 0.5f,
        "pytorch_half_pixel" => size > 1 ? (i + 0.5f) / scale - 0.5f : 0,
        "tf_half_pixel_for_nn" => (i + 0.5f) / scale,
        "align_corners" => size > 1 ? i * (length - 1f) / (size - 1) : 0,
        "asymmetric" => i / scale,
        "half_pixel_symmetric" => HalfPixelSymmetric(i, length, size, scale),
        _ => throw new NotSupportedException($"the coordinate transformation {mode.Coordinates}"),
    };

    private float FirstPosition(long length, long size) => Position(0, length, size, (float)size / length);

    private static float HalfPixelSymmetric(int i, long length, long size, float scale)
    {
        float adjustment = size / (scale * length);
        float center = length / 2f;
        return center * (1 - adjustment) + (i + 0.5f) / scale - 0.5f;
    }

    private long Round(float position, float scale) => mode.Rounding switch
    {
        "floor" => (long)MathF.Floor(position),
        "ceil" => (long)MathF.Ceiling(position),
        "round_prefer_ceil" => (long)MathF.Floor(position + 0.5f),
        ResizeMode.Opset10Rounding => (long)(scale < 1 ? MathF.Ceiling(position) : MathF.Floor(position)),
        _ => (long)MathF.Ceiling(position - 0.5f),
    };

    private void Fill(float[,] weights, int row, double position, long length, double shrink)
    {
        double radius = (mode.Interpolation == Interpolation.Linear ? 1 : 2) / shrink;
        long first = (long)Math.Floor(position - radius) + 1;
        long last = (long)Math.Ceiling(position + radius) - 1;
        double total = 0;
        for (long tap = first; tap <= last; tap++)
        {
            bool outside = tap < 0 || tap >= length;
            double weight = mode.ExcludeOutside && outside ? 0 : Weigh((tap - position) * shrink);
            total += weight;
            weights[row, Math.Clamp(tap, 0, length - 1)] += (float)weight;
        }

        for (long column = Math.Clamp(first, 0, length - 1); column <= Math.Clamp(last, 0, length - 1) && total != 0; column++)
        {
            weights[row, column] = (float)(weights[row, column] / total);
        }
    }

    private double Weigh(double distance)
    {
        double x = Math.Abs(distance);
        double a = mode.CubicCoefficient;
        return mode.Interpolation switch
        {
            Interpolation.Linear => Math.Max(0, 1 - x),
            _ when x <= 1 => ((a + 2) * x - (a + 3)) * x * x + 1,
            _ when x < 2 => ((x - 5) * x + 8) * a * x - 4 * a,
            _ => 0,
        };
    }
}
