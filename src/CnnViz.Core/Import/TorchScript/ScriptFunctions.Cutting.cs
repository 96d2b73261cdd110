using TorchSharp;

namespace CnnViz.Import.TorchScript;

// What takes parts of tensors, and what joins tensors.
internal static partial class ScriptFunctions
{
    private static Dictionary<string, Func<ScriptCall, object?>> Cutting() => new()
    {
        ["slice(input, dim=0, start=None, end=None, step=1)"] = Slice,
        ["narrow(input, dim, start, length)"] = call =>
        {
            ScriptTensor input = call.Tensor("input");
            int axis = call.Axis("dim", input.Rank);
            long start = call.Long("start") is < 0 and var back ? back + input.Shape[axis] : call.Long("start");
            return Part(call, input, axis, start, start + call.Long("length"));
        },
        ["select(input, dim, index)"] = call => Select(call, call.Tensor("input"), call.Axis("dim", call.Tensor("input").Rank), call.Long("index")),
        ["unbind(input, dim=0)"] = call =>
        {
            ScriptTensor input = call.Tensor("input");
            int axis = call.Axis("dim", input.Rank);
            return Parts(input.Shape[axis], i => Select(call, input, axis, i));
        },
        ["chunk(input, chunks, dim=0)"] = call =>
        {
            long length = call.Tensor("input").Shape[call.Axis("dim", call.Tensor("input").Rank)];
            return Split(call, Math.Max(1, (length + call.Long("chunks") - 1) / Math.Max(1, call.Long("chunks"))));
        },
        ["split(input, split_size, dim=0)"] = call => call["split_size"] is long size ? Split(call, size) : Split(call, call.Longs("split_size")),
        ["split_with_sizes(input, split_size, dim=0)"] = call => Split(call, call.Longs("split_size")),
        ["index_select(input, dim, index)"] = call => Gather(call, call.Axis("dim", call.Tensor("input").Rank), call.Constant("index")),
        ["index(input, indices)"] = call =>
        {
            IReadOnlyList<object?> indices = ScriptCall.Items(call["indices"]) ?? [];
            int[] along = [.. Enumerable.Range(0, indices.Count).Where(i => indices[i] is not null)];
            return along is [var axis] && indices[axis] is ScriptTensor { IsFloat: false, Type: not torch.ScalarType.Bool, Constant: { } places }
                ? Gather(call, axis, places)
                : throw new NotTranslatedException("an index that depends on the image");
        },
        ["flip(input, dims)"] = call =>
        {
            long[] axes = call.Longs("dims");
            long[] ends = [.. axes.Select(_ => long.MinValue + 1)];
            return call.Add("Slice", [call.Tensor("input"), axes.Select(_ => -1L).ToArray(), ends, axes, axes.Select(_ => -1L).ToArray()]);
        },
        ["roll(input, shifts, dims=[])"] = call =>
        {
            (long[] shifts, long[] axes) = (call.Longs("shifts"), call.Longs("dims"));
            ScriptTensor rolled = shifts.Length == axes.Length ? call.Tensor("input") : throw new NotTranslatedException("roll over all");
            for (int i = 0; i < axes.Length; i++)
            {
                int axis = ScriptCall.Axis(axes[i], rolled.Rank);
                long length = rolled.Shape[axis];
                long cut = ((length - shifts[i]) % length + length) % length;
                rolled = cut == 0 ? rolled
                    : call.Add("Concat", [Part(call, rolled, axis, cut, length), Part(call, rolled, axis, 0, cut)], ("axis", (long)axis));
            }

            return rolled;
        },
    };

    private static Dictionary<string, Func<ScriptCall, object?>> Joining() => new()
    {
        ["cat(tensors, dim=0)"] = Concat,
        ["concat(tensors, dim=0)"] = Concat,
        ["stack(tensors, dim=0)"] = call =>
        {
            ScriptTensor[] tensors = call.Tensors("tensors");
            long axis = call.Axis("dim", tensors[0].Rank + 1);
            return call.Add("Concat", [.. Alike(call, tensors).Select(tensor => call.Add("Unsqueeze", [tensor, new[] { axis }]))], ("axis", axis));
        },
    };

    private static object? Concat(ScriptCall call)
    {
        ScriptTensor[] tensors = call.Tensors("tensors");
        return call.Add("Concat", Alike(call, tensors), ("axis", (long)call.Axis("dim", tensors[0].Rank)));
    }

    private static ScriptTensor[] Alike(ScriptCall call, ScriptTensor[] tensors) => tensors.Any(tensor => tensor.IsFloat)
        ? [.. tensors.Select(tensor => tensor.IsFloat ? tensor : call.Add("Cast", [tensor], ("to", 1L)))]
        : tensors;

    // Of a list: from, to and step come first.
    private static object? Slice(ScriptCall call)
    {
        if (call["input"] is List<object?> list)
        {
            (long from, long to, long step) = (ScriptCall.AsLong(call["dim"]) ?? 0, ScriptCall.AsLong(call["start"]) ?? list.Count, ScriptCall.AsLong(call["end"]) ?? 1);
            int first = (int)Math.Clamp(from < 0 ? from + list.Count : from, 0, list.Count);
            int last = (int)Math.Clamp(to < 0 ? to + list.Count : to, first, list.Count);
            return step == 1 ? list[first..last] : throw new NotTranslatedException("a part of a list in steps");
        }

        ScriptTensor input = call.Tensor("input");
        int axis = call.Axis("dim", input.Rank);
        long start = call["start"] is null ? 0 : call.Long("start");
        long end = call["end"] is null ? long.MaxValue : call.Long("end");
        return call.Long("step") == 1 && start == 0 && end >= input.Shape[axis] ? input.Alias()
            : call.Long("step") > 0 ? Part(call, input, axis, start, end, call.Long("step"))
            : throw new NotTranslatedException("a slice backwards");
    }

    private static ScriptTensor Part(ScriptCall call, ScriptTensor input, int axis, long start, long end, long step = 1) =>
        call.Add("Slice", [input, new[] { start }, new[] { end }, new[] { (long)axis }, new[] { step }]).Within(input);

    private static ScriptTensor Select(ScriptCall call, ScriptTensor input, int axis, long index)
    {
        long place = index < 0 ? index + input.Shape[axis] : index;
        return place >= 0 && place < input.Shape[axis]
            ? call.Add("Squeeze", [Part(call, input, axis, place, place + 1), new[] { (long)axis }]).Within(input)
            : throw call.Net.Fails($"'{call.Name}' takes part {index} of {input.Shape[axis]}");
    }

    private static object? Split(ScriptCall call, long size)
    {
        long length = call.Tensor("input").Shape[call.Axis("dim", call.Tensor("input").Rank)];
        return size < 1
            ? throw new NotTranslatedException("split into parts of nothing")
            : Parts((length + size - 1) / size, i => Part(call, call.Tensor("input"), call.Axis("dim", call.Tensor("input").Rank), i * size, (i + 1) * size));
    }

    private static object? Split(ScriptCall call, long[] sizes)
    {
        ScriptTensor input = call.Tensor("input");
        int axis = call.Axis("dim", input.Rank);
        return sizes.All(size => size >= 0) && sizes.Sum() == input.Shape[axis]
            ? Parts(sizes.Length, i => Part(call, input, axis, sizes[..(int)i].Sum(), sizes[..(int)(i + 1)].Sum()))
            : throw call.Net.Fails($"'{call.Name}' divides {sizes.Sum()} and is given {input.Shape[axis]}");
    }

    private static List<object?> Parts(long count, Func<long, ScriptTensor> part) => count <= MostParts
        ? [.. Enumerable.Range(0, (int)count).Select(i => part(i))]
        : throw new NotTranslatedException("too many parts");

    private static ScriptTensor Gather(ScriptCall call, int axis, torch.Tensor places) =>
        call.Add("Gather", [call.Tensor("input"), ScriptTensor.Of(places)], ("axis", (long)axis));

    private const int MostParts = 4096;
}
