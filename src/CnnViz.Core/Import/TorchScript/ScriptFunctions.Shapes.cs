using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.TorchScript;

// What only moves values about. The outputs share the memory of the input.
internal static partial class ScriptFunctions
{
    private static Dictionary<string, Func<ScriptCall, object?>> Shapes() => new()
    {
        ["flatten(input, start_dim=0, end_dim=-1)"] = Flatten,
        ["view(input, size)"] = call => Reshape(call, call.Longs("size")),
        ["reshape(input, size)"] = call => Reshape(call, call.Longs("size")),
        ["_unsafe_view(input, size)"] = call => Reshape(call, call.Longs("size")),
        ["view_as(input, other)"] = call => Reshape(call, call.Tensor("other").Shape),
        ["reshape_as(input, other)"] = call => Reshape(call, call.Tensor("other").Shape),
        ["unflatten(input, dim, sizes)"] = call =>
        {
            long[] shape = call.Tensor("input").Shape;
            int axis = call.Axis("dim", shape.Length);
            return Reshape(call, [.. shape[..axis], .. call.Longs("sizes"), .. shape[(axis + 1)..]]);
        },
        ["squeeze(input, dim=None)"] = call =>
        {
            ScriptTensor input = call.Tensor("input");
            long[] given = call.OptionalLongs("dim") ?? [.. Enumerable.Range(1, Math.Max(0, input.Rank - 1)).Select(axis => (long)axis)];
            long[] axes = [.. given.Select(axis => (long)ScriptCall.Axis(axis, input.Rank)).Where(axis => input.Shape[axis] == 1)];
            return axes.Length == 0 ? input.Alias() : call.Add("Squeeze", [input, axes]).Within(input);
        },
        ["unsqueeze(input, dim)"] = call =>
        {
            ScriptTensor input = call.Tensor("input");
            return call.Add("Unsqueeze", [input, new long[] { call.Axis("dim", input.Rank + 1) }]).Within(input);
        },
        ["permute(input, dims)"] = call => Permute(call, [.. call.Longs("dims").Select(axis => (long)ScriptCall.Axis(axis, call.Tensor("input").Rank))]),
        ["transpose(input, dim0, dim1)"] =
            call => Swap(call, call.Axis("dim0", call.Tensor("input").Rank), call.Axis("dim1", call.Tensor("input").Rank)),
        ["swapaxes(input, dim0, dim1)"] =
            call => Swap(call, call.Axis("dim0", call.Tensor("input").Rank), call.Axis("dim1", call.Tensor("input").Rank)),
        ["t(input)"] = call => call.Tensor("input").Rank == 2 ? Swap(call, 0, 1) : Unchanged(call),
        ["numpy_T(input)"] = call => Permute(call, [.. Enumerable.Range(0, call.Tensor("input").Rank).Reverse().Select(axis => (long)axis)]),
        ["contiguous(input, memory_format=0)"] = Unchanged,
        ["detach(input)"] = Unchanged,
        ["alias(input)"] = Unchanged,
        ["data(input)"] = Unchanged,
        ["clone(input, memory_format=None)"] = call => call.Tensor("input").Copy(),
        ["copy(input, src, non_blocking=False)"] = call => Expanded(call, call.Tensor("src"), call.Tensor("input").Shape),
        ["fill(input, value)"] = call => ScriptTensor.Of(HeldNumbers.Full(call.Tensor("input").Shape, call.Number("value"))),
        ["zero(input)"] = call => ScriptTensor.Of(torch.zeros(call.Tensor("input").Shape)),
        ["expand(input, size, implicit=False)"] = call => Expand(call, call.Longs("size")),
        ["expand_as(input, other)"] = call => Expand(call, call.Tensor("other").Shape),
        ["repeat(input, repeats)"] = call =>
        {
            ScriptTensor input = call.Tensor("input");
            long[] times = call.Longs("repeats");
            int more = times.Length - input.Rank;
            ScriptTensor raised = more > 0 ? call.Add("Unsqueeze", [input, Enumerable.Range(0, more).Select(axis => (long)axis).ToArray()]) : input;
            return call.Add("Tile", [raised, times]);
        },
    };

    private static object? Flatten(ScriptCall call)
    {
        ScriptTensor input = call.Tensor("input");
        int start = call.Axis("start_dim", Math.Max(1, input.Rank));
        int end = call.Axis("end_dim", Math.Max(1, input.Rank));
        if (start >= end)
        {
            return input.Alias();
        }

        // A zero keeps a size.
        return start == 1 && end == input.Rank - 1
            ? call.Add("Flatten", [input], ("axis", 1L)).Within(input)
            : call.Add("Reshape", [input, Enumerable.Repeat(0L, start).Append(-1).Concat(input.Shape[(end + 1)..]).ToArray()]).Within(input);
    }

    // To rows of another number of values than an image has: the image has another size than the program was made for.
    private static ScriptTensor Reshape(ScriptCall call, long[] shape)
    {
        ScriptTensor input = call.Tensor("input");
        if (shape is [-1, var wanted] && input is { Rank: 4, IsPermuted: false, Node: not null } && input.Shape[0] == 1 && wanted > 0
            && input.Count != wanted)
        {
            throw call.Net.Fails($"'{call.Name}' makes rows of {wanted} values of {input.Count}", wanted, input.Count);
        }

        return call.Add("Reshape", [input, shape]).Within(input);
    }

    private static ScriptTensor Permute(ScriptCall call, long[] order)
    {
        ScriptTensor input = call.Tensor("input");
        ScriptTensor permuted = call.Add("Transpose", [input], ("perm", order)).Within(input);
        permuted.IsPermuted = !input.IsPermuted;
        return permuted;
    }

    private static ScriptTensor Swap(ScriptCall call, int first, int second)
    {
        long[] order = [.. Enumerable.Range(0, call.Tensor("input").Rank).Select(axis => (long)axis)];
        (order[first], order[second]) = (order[second], order[first]);
        return Permute(call, order);
    }

    // −1 keeps a size.
    private static ScriptTensor Expand(ScriptCall call, long[] size)
    {
        ScriptTensor input = call.Tensor("input");
        int more = size.Length - input.Rank;
        return Expanded(call, input, [.. size.Select((side, i) => side == -1 && i >= more ? input.Shape[i - more] : side)]).Within(input);
    }

    private static ScriptTensor Expanded(ScriptCall call, ScriptTensor input, long[] shape) =>
        input.Shape.SequenceEqual(shape) ? input.Alias() : call.Add("Expand", [input, shape]);
}
