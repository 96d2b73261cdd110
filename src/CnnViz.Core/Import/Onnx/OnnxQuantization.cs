using CnnViz.Networks.Operators;
using TorchSharp;
using DataType = CnnViz.Import.Onnx.Protocol.TensorProto.Types.DataType;

namespace CnnViz.Import.Onnx;

/// <summary>How whole numbers stand for real ones: (number − zero) · scale.</summary>
/// <param name="Scale">One value, one for each position along the axis, or one for each block; a constant of the graph.</param>
/// <param name="Zero">As many whole numbers, or null for zero.</param>
/// <param name="Type">The type of the whole numbers; null where it is not known.</param>
/// <param name="Axis">The axis along which scales differ.</param>
/// <param name="Block">How many values in a row along the axis share a scale; 0 where that is not how scales differ.</param>
internal sealed record OnnxQuantization(torch.Tensor Scale, torch.Tensor? Zero, DataType? Type, long Axis = 1, long Block = 0)
{
    /// <summary>Whether one scale is that of all values.</summary>
    public bool IsWhole => Scale.numel() == 1 && (Zero?.numel() ?? 1) == 1;

    /// <summary>The scale of all values.</summary>
    public float OneScale => Scale.ToFloats()[0];

    /// <summary>The zero of all values.</summary>
    public float OneZero => Zero?.ToFloats()[0] ?? 0;

    /// <summary>Whether no real number below zero can be stood for, as after a ReLU.</summary>
    public bool IsRectified => Bounds is { } bounds && (Zero?.ToFloats() ?? [0f]).All(zero => zero == bounds.Low);

    /// <summary>The largest real number, where one scale is that of all values and the type is known.</summary>
    public double? Largest => IsWhole && Bounds is { } bounds ? (bounds.High - OneZero) * (double)OneScale : null;

    private (float Low, float High)? Bounds => Type switch
    {
        DataType.Uint8 => (0, 255),
        DataType.Int8 => (-128, 127),
        DataType.Uint16 => (0, 65535),
        DataType.Int16 => (-32768, 32767),
        DataType.Uint4 => (0, 15),
        DataType.Int4 => (-8, 7),
        _ => null,
    };

    /// <summary>Whether the same whole number stands for the same real one.</summary>
    public bool IsSame(OnnxQuantization other) =>
        IsWhole && other.IsWhole && OneZero == other.OneZero && Math.Abs(OneScale - other.OneScale) <= 1e-6f * OneScale;

    /// <summary>The real numbers of a constant; belongs to the caller's dispose scope.</summary>
    public torch.Tensor ToReal(torch.Tensor numbers)
    {
        torch.Tensor shifted = numbers.to(torch.float32) - (Zero is null ? torch.zeros(1) : Spread(Zero, numbers).to(torch.float32));
        return shifted * Spread(Scale, numbers);
    }

    /// <summary>The whole numbers of a constant, cut off at the ends of the type; belongs to the caller's dispose scope.</summary>
    public torch.Tensor ToNumbers(torch.Tensor real)
    {
        torch.Tensor numbers = (real / Spread(Scale, real)).round().Add(Zero is null ? torch.zeros(1) : Spread(Zero, real));
        return (Bounds is { } bounds ? numbers.Clamp(bounds.Low, bounds.High) : numbers).to(torch.int64);
    }

    /// <summary>One value, or one for each position along an axis, in a shape that goes with a tensor.</summary>
    public torch.Tensor Spread(torch.Tensor values, torch.Tensor along)
    {
        if (values.numel() == 1)
        {
            return values.reshape([]);
        }

        long rank = along.dim();
        int axis = (int)(rank == 1 ? 0 : Axis < 0 ? Axis + rank : Axis);
        if (Block > 0)
        {
            return values.repeat_interleave(Block, axis).narrow(axis, 0, along.shape[axis]);
        }

        long[] shape = [.. Enumerable.Repeat(1L, (int)rank)];
        shape[axis] = values.numel();
        return values.reshape(shape);
    }
}
