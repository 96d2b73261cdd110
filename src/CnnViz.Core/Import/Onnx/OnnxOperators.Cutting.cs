using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.Onnx;

// What takes parts of a tensor, or makes it larger by repeating.
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Operator>> Cutting() => new()
    {
        ["Split"] = MakeSplit,
        ["Slice"] = MakeSlice,
        ["Gather"] = node =>
        {
            long axis = node.Int("axis", 0);
            return new Compose(
                "Gather",
                inputs => Gather(inputs[0], inputs[1], axis),
                kernels: (plan, inputs) => inputs is [{ Map: not null } value, { Constant: { } indices }] && indices.dim() == 1
                    ? PlaceKernels.Pick(plan, value, AxisOf(value, axis), [.. indices.ToLongs().Select(index => Wrap(index, AxisLength(value, axis)))])
                    : null);
        },
        ["Pad"] = MakePad,
        ["Tile"] = node =>
        {
            if (node.Opset < 6)
            {
                throw new UnsupportedUseException("of a set before 6");
            }

            node.Operand(0);
            Func<torch.Tensor[], long[]> repeats = Required(node.Longs(null, 1), "repeats");
            return new Compose("Tile", inputs =>
            {
                long[] times = repeats(inputs);
                TensorSize.Check([.. inputs[0].shape.Zip(times, (size, count) => size == 0 ? 0 : checked(size * count))]);
                return inputs[0].repeat(times);
            });
        },
        ["Expand"] = node =>
        {
            node.Operand(0);
            Func<torch.Tensor[], long[]> shape = Required(node.Longs(null, 1), "shape");
            return new Compose("Expand", inputs => inputs[0].expand(TensorSize.Check(BroadcastShape(inputs[0].shape, shape(inputs)))));
        },
    };

    private static Compose MakeSplit(OnnxNode node)
    {
        node.Operand(0);
        long axis = node.Int("axis", 0);
        Func<torch.Tensor[], long[]>? sizes = node.Longs("split", 1);
        int part = node.Output;
        int parts = node.OutputCount;
        return new Compose(
            "Split",
            inputs =>
            {
                (long first, long count) = Part(inputs);
                return inputs[0].narrow(axis, first, count);
            },
            kernels: (plan, inputs) =>
            {
                if (inputs is not [{ Map: not null } value])
                {
                    return null;
                }

                using torch.Tensor blank = value.Blank();
                (long first, long count) = Part([blank]);
                return PlaceKernels.Pick(plan, value, AxisOf(value, axis), [.. Enumerable.Range((int)first, (int)count)]);
            });

        (long First, long Count) Part(torch.Tensor[] inputs)
        {
            long length = inputs[0].shape[axis < 0 ? axis + inputs[0].dim() : axis];
            long even = (length + parts - 1) / parts;
            long[] all = sizes?.Invoke(inputs)
                ?? [.. Enumerable.Range(0, parts).Select(i => Math.Clamp(length - i * even, 0, even))];
            return (all[..part].Sum(), all[part]);
        }
    }

    private static Compose MakeSlice(OnnxNode node)
    {
        node.Operand(0);
        Func<torch.Tensor[], long[]> starts = Required(node.Longs("starts", 1), "starts");
        Func<torch.Tensor[], long[]> ends = Required(node.Longs("ends", 2), "ends");
        Func<torch.Tensor[], long[]>? axes = node.Longs("axes", 3);
        Func<torch.Tensor[], long[]>? steps = node.Longs(null, 4);
        return new Compose(
            "Slice",
            inputs =>
            {
                torch.Tensor output = inputs[0];
                foreach ((long axis, long from, long to, long by) in Cuts(inputs))
                {
                    output = Slice(output, axis < 0 ? axis + output.dim() : axis, from, to, by);
                }

                return output;
            },
            kernels: (plan, inputs) =>
            {
                if (inputs is not [{ Map: not null } value])
                {
                    return null;
                }

                using torch.Tensor blank = value.Blank();
                var picks = new int[]?[blank.dim()];
                foreach ((long axis, long from, long to, long by) in Cuts([blank]))
                {
                    int along = AxisOf(value, axis);
                    if (along is < 1 or > 3 || along >= picks.Length || picks[along] is not null)
                    {
                        return null;
                    }

                    using torch.Tensor all = HeldNumbers.Arange(blank.shape[along], torch.ScalarType.Int64);
                    using torch.Tensor cut = Slice(all, 0, from, to, by);
                    picks[along] = [.. cut.ToLongs().Select(place => (int)place)];
                }

                return PlaceKernels.Pick(plan, value, picks);
            });

        IEnumerable<(long Axis, long From, long To, long By)> Cuts(torch.Tensor[] inputs)
        {
            long[] from = starts(inputs);
            long[] to = ends(inputs);
            long[] along = axes?.Invoke(inputs) ?? [.. Enumerable.Range(0, from.Length).Select(i => (long)i)];
            long[] by = steps?.Invoke(inputs) ?? [.. from.Select(_ => 1L)];
            return Enumerable.Range(0, from.Length).Select(i => (along[i], from[i], to[i], by[i]));
        }
    }

    // The dimension that an axis counts from the front.
    private static int AxisOf(KernelValue value, long axis) => (int)(axis < 0 ? axis + (value.Form == MapForm.Flat ? 2 : 4) : axis);

    private static long AxisLength(KernelValue value, long axis)
    {
        using torch.Tensor blank = value.Blank();
        return AxisOf(value, axis) is var along && along >= 0 && along < blank.dim() ? blank.shape[along] : 0;
    }

    private static int Wrap(long index, long length) => (int)(index < 0 ? index + length : index);

    private static torch.Tensor Slice(torch.Tensor input, long axis, long start, long end, long step)
    {
        long length = input.shape[axis];
        if (step > 0)
        {
            long first = Math.Clamp(start < 0 ? start + length : start, 0, length);
            long last = Math.Clamp(end < 0 ? end + length : end, first, length);
            return input.slice(axis, first, last, step);
        }

        // torch has no negative steps: pick the positions.
        long high = Math.Clamp(start < 0 ? start + length : start, -1, length - 1);
        long low = Math.Clamp(end < 0 && end >= -length ? end + length : end, -1, length - 1);
        long[] positions = [.. Enumerable.Range(0, (int)Math.Max(0, (high - low - step - 1) / -step)).Select(i => high + i * step)];
        return input.index_select(axis, torch.tensor(positions, device: input.device));
    }

    private static torch.Tensor Gather(torch.Tensor input, torch.Tensor indices, long axis)
    {
        long along = axis < 0 ? axis + input.dim() : axis;
        long length = input.shape[along];
        torch.Tensor flat = indices.to(input.device).reshape(-1);
        flat = torch.where(flat.Lt(0), flat.Add(length), flat);
        long[] shape = [.. input.shape[..(int)along], .. indices.shape, .. input.shape[((int)along + 1)..]];
        return input.index_select(along, flat).reshape(shape);
    }

    private static long[] BroadcastShape(long[] a, long[] b)
    {
        int rank = Math.Max(a.Length, b.Length);
        IEnumerable<long> first = Enumerable.Repeat(1L, rank - a.Length).Concat(a);
        IEnumerable<long> second = Enumerable.Repeat(1L, rank - b.Length).Concat(b);
        return [.. first.Zip(second, (x, y) => x == 1 ? y : x)];
    }
}
