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

    public override KernelValue? AddTo(KernelPlanBuilder plan, KernelValue[] inputs)
    {
        KernelValue first = inputs[0];
        bool isAlongChannels = first.IsMaps ? axis is 1 or -3 : first.IsVector && axis is 1 or -1;
        return isAlongChannels && Array.TrueForAll(inputs, input => input.Map is not null && input.Form == first.Form
                && (input.Shape.Height, input.Shape.Width) == (first.Shape.Height, first.Shape.Width))
            ? first with { Map = plan.Join([.. inputs.Select(input => input.Map!)]) }
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

    // The same maps in another form; not where the size of the batch would be another.
    public override KernelValue? AddTo(KernelPlanBuilder plan, KernelValue[] inputs)
    {
        if (_shape is null || inputs is not [{ Map: not null }])
        {
            return null;
        }

        // Of a number of images that no other size is, so that it tells itself.
        const long images = 1_000_003;
        KernelValue value = inputs[0];
        using torch.Tensor blank = value.Blank();
        long[] shape = [images, .. blank.shape[1..]];
        long[] wanted = Resolve(shape, _shape);
        long known = wanted.Where(size => size >= 0).Aggregate(1L, (product, size) => product * size);
        long[] sizes = [.. wanted.Select(size => size >= 0 ? size : known == 0 ? 0 : shape.Aggregate((a, b) => a * b) / known)];
        return sizes switch
        {
            [images, var size] when size == value.Shape.Size && value.Form != MapForm.ChannelsLast => value with { Form = MapForm.Flat },
            [images, var channels, 1, 1] when value.IsVector && channels == value.Shape.Channels => value with { Form = MapForm.ChannelsFirst },
            _ => sizes.AsSpan().SequenceEqual(shape) ? value : null,
        };
    }

    public override torch.Tensor Forward(torch.Tensor[] inputs)
    {
        long[] to = _shape ?? inputs[1].ToLongs();
        return inputs[0].reshape(Resolve(inputs[0].shape, to));
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

    // With the sizes that are the input's; −1 stays.
    private long[] Resolve(long[] from, long[] to) => [.. to.Select((size, i) => size switch
    {
        0 when !_allowZero => from[i],
        < -1 => from[-(size + 2)],
        _ => size,
    })];
}

/// <summary>Two dimensions of any number: those before the axis, and the rest.</summary>
internal sealed class Flatten(int axis) : Operator
{
    public override string Kind => "Flatten";

    public override bool IsAffine => true;

    public override bool IsLayer => false;

    public override KernelValue? AddTo(KernelPlanBuilder plan, KernelValue[] inputs) =>
        axis == 1 && inputs[0].Map is not null && inputs[0].Form != MapForm.ChannelsLast ? inputs[0] with { Form = MapForm.Flat } : null;

    public override torch.Tensor Forward(torch.Tensor[] inputs)
    {
        long rows = inputs[0].shape[..(axis < 0 ? axis + (int)inputs[0].dim() : axis)].Aggregate(1L, (product, size) => product * size);
        long columns = rows == 0 ? 0 : inputs[0].numel() / rows;
        return inputs[0].reshape(rows, columns);
    }

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) => ReceptiveField.WholeImage;
}
