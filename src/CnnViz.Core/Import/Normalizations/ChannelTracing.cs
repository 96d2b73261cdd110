using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.Normalizations;

/// <summary>Follows the channels of the image through a network as long as they are only moved, scaled and shifted.</summary>
internal static class ChannelTracing
{
    // Operations that leave the values of channels as they are, or only move them within their channel.
    private static readonly HashSet<string> s_moves =
        ["Identity", "Cast", "CastLike", "Dropout", "Pad", "Resize", "Upsample", "Clip", "Crop", "CenterCropPad"];

    /// <summary>What the first operation gets that does something else.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="channels">Channels of its image.</param>
    /// <returns>Null where that cannot be said.</returns>
    public static ImageChannels? Follow(Graph graph, int channels)
    {
        var known = new Dictionary<int, ImageChannels> { [0] = ImageChannels.Of(channels) };
        for (int node = 1; node < graph.Nodes.Count; node++)
        {
            int[] inputs = [.. graph.Nodes[node].Inputs.Where(graph.SeesImage)];
            if (!graph.SeesImage(node) || inputs.Length == 0)
            {
                continue;
            }

            if (!inputs.All(known.ContainsKey))
            {
                return null;
            }

            ImageChannels[] values = [.. inputs.Select(input => known[input])];
            if (DefinitionOf(graph, node) is not { } definition || Step(definition, values) is not { } made)
            {
                return values[0];
            }

            known[node] = made;
        }

        return null;
    }

    // With the image's values as its operands, and all constants, also those that are nodes of their own.
    private static NodeDefinition? DefinitionOf(Graph graph, int node)
    {
        if (graph.Nodes[node].Definition is not { } definition)
        {
            return null;
        }

        (int Position, int Node)[] operands = [.. definition.Operands.Zip(graph.Nodes[node].Inputs)];
        var constants = new Dictionary<int, torch.Tensor>(definition.Constants);
        foreach ((int position, int input) in operands)
        {
            if (graph.Nodes[input].Operator is Constant constant)
            {
                constants[position] = constant.Value;
            }
        }

        return definition with
        {
            Operands = [.. operands.Where(operand => graph.SeesImage(operand.Node)).Select(operand => operand.Position)],
            Constants = constants,
        };
    }

    private static ImageChannels? Step(NodeDefinition definition, ImageChannels[] inputs) => (definition.Type, inputs) switch
    {
        ("Concat", _) => Concat(inputs, (int)Whole(definition, "axis", 1)),
        (_, not [_]) => null,
        ("Add" or "Sub" or "Mul" or "Div", [var only]) => Arithmetic(definition, only),
        ("BatchNormalization", [var only]) => Normalize(definition, only),
        ("Transpose", [var only]) => Transpose(definition, only),
        ("Gather", [var only]) => Gather(definition, only),
        ("Slice", [var only]) => Slice(definition, only),
        ("Split", [var only]) => Split(definition, only),
        ("Unsqueeze", [var only]) => Unsqueeze(definition, only),
        ("Reshape" or "Squeeze" or "Expand", [var only]) => only.Source is [_] ? null : only,
        var (type, values) => s_moves.Contains(type) ? values[0] : null,
    };

    private static ImageChannels? Concat(ImageChannels[] inputs, int axis)
    {
        axis = axis < 0 ? axis + inputs[0].Rank : axis;
        return inputs.Any(input => input.Rank != inputs[0].Rank || input.Axis != axis)
            ? null
            : inputs.Skip(1).Aggregate(inputs[0], (all, next) => all.Join(next, axis));
    }

    private static ImageChannels? Arithmetic(NodeDefinition definition, ImageChannels input)
    {
        bool isSecond = definition.Operands is [1];
        if (!definition.Constants.TryGetValue(isSecond ? 0 : 1, out torch.Tensor? constant) || PerChannel(constant, input) is not { } values)
        {
            return null;
        }

        double[] negative = [.. values.Select(value => -value)];
        return definition.Type switch
        {
            "Add" => input.Then([1], values),
            "Sub" => isSecond ? input.Then([-1], values) : input.Then([1], negative),
            "Mul" => input.Then(values, [0]),
            _ => isSecond || values.Contains(0) ? null : input.Then([.. values.Select(value => 1 / value)], [0]),
        };
    }

    private static ImageChannels? Normalize(NodeDefinition definition, ImageChannels input)
    {
        double epsilon = definition.Attributes.TryGetValue("epsilon", out object? given) && given is float value ? value : 1e-5;
        if (Values(definition, 1) is not { } scale || Values(definition, 2) is not { } shift || Values(definition, 3) is not { } mean
            || Values(definition, 4) is not { } variance || mean.Length != input.Count || input.Axis != 1)
        {
            return null;
        }

        double[] deviation = [.. variance.Select(each => Math.Sqrt(Math.Max(each, 0) + epsilon))];
        double[] gain = [.. scale.Zip(deviation, (factor, size) => factor / size)];
        double[] offset = [.. shift.Select((summand, i) => summand - mean[i] * gain[i])];
        return input.Then(gain, offset) with
        {
            Statistics = input.Statistics ?? (
                [.. mean.Select((each, i) => (each - input.Offset[i]) / input.Gain[i])],
                [.. deviation.Select((each, i) => each / Math.Abs(input.Gain[i]))]),
        };
    }

    private static ImageChannels? Transpose(NodeDefinition definition, ImageChannels input) =>
        definition.Attributes.TryGetValue("perm", out object? given) && given is long[] order && order.Length == input.Rank && input.Axis >= 0
            ? input with { Axis = Array.IndexOf(order, input.Axis) }
            : null;

    private static ImageChannels? Gather(NodeDefinition definition, ImageChannels input)
    {
        long axis = Whole(definition, "axis", 0);
        if ((axis < 0 ? axis + input.Rank : axis) != input.Axis || !definition.Constants.TryGetValue(1, out torch.Tensor? places))
        {
            return null;
        }

        ImageChannels? taken = input.Take(Wholes(places));
        return places.dim() == 0 && taken is not null ? taken with { Axis = -1, Rank = input.Rank - 1 } : taken;
    }

    private static ImageChannels? Slice(NodeDefinition definition, ImageChannels input)
    {
        if (Setting(definition, 1, "starts") is not { } starts || Setting(definition, 2, "ends") is not { } ends)
        {
            return null;
        }

        long[] axes = Setting(definition, 3, "axes") ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        long[] steps = Setting(definition, 4, "steps") ?? [.. Enumerable.Repeat(1L, starts.Length)];
        ImageChannels? result = input;
        for (int i = 0; i < axes.Length && result is not null; i++)
        {
            if ((axes[i] < 0 ? axes[i] + input.Rank : axes[i]) == input.Axis)
            {
                result = result.Take(Places(starts[i], ends[i], steps[i], input.Count));
            }
        }

        return result;
    }

    // As of Python's slices.
    private static List<long> Places(long start, long end, long step, int count)
    {
        start = Math.Clamp(start < 0 ? start + count : start, 0, step < 0 ? count - 1 : count);
        end = Math.Clamp(end < 0 ? Math.Max(end + count, -1) : end, -1, count);
        var places = new List<long>();
        for (long place = start; step != 0 && (step > 0 ? place < end : place > end); place += step)
        {
            places.Add(place);
        }

        return places;
    }

    private static ImageChannels? Split(NodeDefinition definition, ImageChannels input)
    {
        long axis = Whole(definition, "axis", 0);
        if ((axis < 0 ? axis + input.Rank : axis) != input.Axis)
        {
            return null;
        }

        long[] sizes = Setting(definition, 1, "split") ?? [.. Enumerable.Repeat((long)input.Count / definition.OutputCount, definition.OutputCount)];
        return sizes.Length <= definition.Output || sizes.Any(size => size < 0 || size > input.Count)
            ? null
            : input.Take(Enumerable.Range(0, (int)sizes[definition.Output]).Select(i => sizes.Take(definition.Output).Sum() + i));
    }

    // The dimension of a single channel comes back.
    private static ImageChannels? Unsqueeze(NodeDefinition definition, ImageChannels input) =>
        Setting(definition, 1, "axes") is [var axis] && input.Axis == -1
            ? input with { Axis = (int)(axis < 0 ? axis + input.Rank + 1 : axis), Rank = input.Rank + 1 }
            : null;

    // One value for all channels, or one for each, along their dimension; else null.
    private static double[]? PerChannel(torch.Tensor constant, ImageChannels input)
    {
        long count = constant.numel();
        long fromEnd = input.Rank - input.Axis;
        return count == 1 ? Read(constant)
            : count == input.Count && input.Axis >= 0 && constant.dim() >= fromEnd && constant.shape[^(int)fromEnd] == count ? Read(constant)
            : null;
    }

    private static long Whole(NodeDefinition definition, string name, long usual) =>
        definition.Attributes.TryGetValue(name, out object? value) && value is long whole ? whole : usual;

    // Newer operators have as an input what older ones have as an attribute.
    private static long[]? Setting(NodeDefinition definition, int position, string name) =>
        definition.Constants.TryGetValue(position, out torch.Tensor? constant) ? Wholes(constant)
        : definition.Attributes.TryGetValue(name, out object? value) ? value as long[]
        : null;

    private static double[]? Values(NodeDefinition definition, int position) =>
        definition.Constants.TryGetValue(position, out torch.Tensor? constant) ? Read(constant) : null;

    private static long[] Wholes(torch.Tensor tensor) => [.. Read(tensor).Select(value => (long)value)];

    private static double[] Read(torch.Tensor tensor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return [.. tensor.to_type(torch.ScalarType.Float64).cpu().contiguous().data<double>()];
    }
}
