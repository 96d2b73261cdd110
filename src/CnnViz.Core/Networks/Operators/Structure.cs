using CnnViz.Kernels;
using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>The image that enters the network.</summary>
internal sealed class Input : Operator
{
    public override string Kind => "Input";

    public override bool IsLayer => false;

    public override torch.Tensor Forward(torch.Tensor[] inputs) =>
        throw new InvalidOperationException("The input has no operation; its value is given.");
}

/// <summary>A value that does not depend on the image.</summary>
internal sealed class Constant : Operator
{
    public Constant(torch.Tensor value) => Value = Own(value);

    public torch.Tensor Value { get; }

    public override string Kind => "Constant";

    public override bool IsLayer => false;

    public override torch.Tensor Forward(torch.Tensor[] inputs) => Value;
}

/// <summary>Joins along an axis.</summary>
internal sealed class Concat(long axis) : Operator
{
    /// <summary>The axis along which values are joined.</summary>
    public long Axis => axis;

    public override string Kind => "Concat";

    public override MapValue? AddTo(KernelPlanBuilder plan, MapValue[] inputs)
    {
        MapShape first = inputs[0].Shape;
        return axis is 1 or -3 && inputs.All(input => (input.Shape.Height, input.Shape.Width) == (first.Height, first.Width))
            ? plan.Join(inputs)
            : null;
    }

    public override torch.Tensor Forward(torch.Tensor[] inputs) => torch.cat(inputs, axis);

    protected override long[]? SketchShape(torch.Tensor[] inputs)
    {
        long[] shape = [.. inputs[0].shape];
        int along = (int)(axis < 0 ? axis + shape.Length : axis);
        bool fits = along >= 0 && along < shape.Length && Array.TrueForAll(inputs, input => input.dtype == inputs[0].dtype
            && input.dim() == shape.Length && input.shape.Where((size, i) => i != along && size != shape[i]).Any() == false);
        if (!fits)
        {
            return null;
        }

        shape[along] = inputs.Sum(input => input.shape[along]);
        return shape;
    }
}

/// <summary>A new shape for the same values. The new shape is fixed, or the second input.</summary>
internal sealed class Reshape : Operator
{
    // Entries below zero other than −1: the size of input dimension −(entry + 2), so that the shape follows the image's.
    private readonly long[]? _shape;
    private readonly bool _allowZero;

    public Reshape(long[]? shape, bool allowZero)
    {
        _shape = shape;
        _allowZero = allowZero;
    }

    public override string Kind => "Reshape";

    public override bool IsAffine => true;

    public override bool IsLayer => false;

    public override torch.Tensor Forward(torch.Tensor[] inputs)
    {
        long[] from = inputs[0].shape;
        long[] to = _shape ?? inputs[1].ToLongs();
        return inputs[0].reshape([.. to.Select((size, i) => size switch
        {
            0 when !_allowZero => from[i],
            < -1 => from[-(size + 2)],
            _ => size,
        })]);
    }

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) =>
        _shape is { Length: > 2 } && _shape[^1] < -1 && _shape[^2] < -1 ? field : ReceptiveField.WholeImage;

    /// <summary>
    /// The same reshape with every size that merely repeats the input's (the batch in front, height and width behind) following
    /// it, so that a graph exported for one image of one size takes others. Null where the shape is not fixed.
    /// </summary>
    /// <param name="from">The input's shape at the exported size.</param>
    /// <param name="to">The output's.</param>
    public Reshape? Generalize(long[] from, long[] to)
    {
        if (_shape is null || to.Length == 0 || from.Length == 0)
        {
            return null;
        }

        long[] general = [.. _shape.Select((size, i) => size == 0 && !_allowZero ? Follow(i) : size)];
        bool keepsBatch = to[0] == from[0];
        if (keepsBatch)
        {
            general[0] = Follow(0);
        }

        if (to.Length >= 4 && from.Length >= 4 && to[^1] == from[^1] && to[^2] == from[^2])
        {
            general[^1] = Follow(from.Length - 1);
            general[^2] = Follow(from.Length - 2);
        }
        else if (to.Length == 2 && keepsBatch)
        {
            general[1] = -1;
        }

        return new Reshape(general, allowZero: false);
    }

    private static long Follow(int dimension) => -2 - dimension;
}

/// <summary>Two dimensions of any number: those before the axis, and the rest.</summary>
internal sealed class Flatten(int axis) : Operator
{
    public override string Kind => "Flatten";

    public override bool IsAffine => true;

    public override bool IsLayer => false;

    public override torch.Tensor Forward(torch.Tensor[] inputs)
    {
        long rows = inputs[0].shape[..(axis < 0 ? axis + (int)inputs[0].dim() : axis)].Aggregate(1L, (product, size) => product * size);
        long columns = rows == 0 ? 0 : inputs[0].numel() / rows;
        return inputs[0].reshape(rows, columns);
    }

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) => ReceptiveField.WholeImage;
}
