using CnnViz.Kernels;
using CnnViz.Networks.Operators;
using TorchSharp;
using DataType = CnnViz.Import.Onnx.Protocol.TensorProto.Types.DataType;

namespace CnnViz.Import.Onnx;

// What joins and moves, and the arithmetic of shapes.
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Operator>> Structure() => new()
    {
        ["Identity"] = _ => throw new UnsupportedUseException("without an input"),
        ["Dropout"] = _ => throw new UnsupportedUseException("without an input"),
        ["Constant"] = MakeConstant,
        ["ConstantOfShape"] = MakeConstantOfShape,
        ["Shape"] = node =>
        {
            long start = node.Int("start", 0);
            long end = node.Int("end", long.MaxValue);
            return new Compose("Shape", inputs => torch.tensor(PartOf(inputs[0].shape, start, end)));
        },
        ["Size"] = _ => new Compose("Size", inputs => torch.tensor(inputs[0].numel())),
        ["Range"] = _ => new Compose("Range", Range),
        ["Cast"] = node =>
        {
            // Before set 6 the type is a word.
            DataType to = Enum.TryParse(node.Text("to", string.Empty), ignoreCase: true, out DataType word) ? word : (DataType)node.Int("to", 1);
            torch.ScalarType type = to switch
            {
                DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double => torch.ScalarType.Float32,
                DataType.Bool => torch.ScalarType.Bool,
                DataType.String => throw Unsupported("to", "string"),
                _ => torch.ScalarType.Int64,
            };
            return new Compose("Cast", inputs => inputs[0].to(type).alias());
        },
        ["CastLike"] = _ => new Compose("Cast", inputs => inputs[0].to(inputs[1].dtype).alias()),
        ["Concat"] = node => new Concat(node.Int("axis", 1)),
        ["Reshape"] = node =>
        {
            node.Operand(0);
            long[]? shape = node.Ints("shape") ?? node.Constant(1)?.ToLongs();
            if (shape is null)
            {
                node.Operand(1);
            }

            return new Reshape(shape, node.Int("allowzero", 0) != 0);
        },
        ["Flatten"] = node =>
        {
            int axis = (int)node.Int("axis", 1);
            return new Flatten(axis);
        },
        ["Transpose"] = node =>
        {
            long[]? order = node.Ints("perm");
            return new Compose(
                "Permute",
                inputs => inputs[0].permute(order ?? [.. Enumerable.Range(0, (int)inputs[0].dim()).Reverse().Select(i => (long)i)]),
                kernels: (_, inputs) => (inputs, order) switch
                {
                    ([{ IsMaps: true } value], [0, 2, 3, 1]) => value with { Form = MapForm.ChannelsLast },
                    ([{ Form: MapForm.ChannelsLast, Map: not null } value], [0, 3, 1, 2]) => value with { Form = MapForm.ChannelsFirst },
                    _ => null,
                });
        },
        ["Squeeze"] = node =>
        {
            node.Operand(0);
            Func<torch.Tensor[], long[]>? axes = node.Longs("axes", 1);
            return new Compose(
                "Squeeze",
                inputs => axes is null
                    ? inputs[0].squeeze()
                    : Normalize(axes(inputs), inputs[0].dim()).OrderDescending().Aggregate(inputs[0], (x, axis) => x.squeeze(axis)),
                kernels: (_, inputs) => axes is not null && inputs is [{ IsMaps: true, IsVector: true } value]
                    && Normalize(axes([]), 4).Order().SequenceEqual([2, 3])
                    ? value with { Form = MapForm.Flat }
                    : null);
        },
        ["Unsqueeze"] = node =>
        {
            node.Operand(0);
            Func<torch.Tensor[], long[]> axes = Required(node.Longs("axes", 1), "axes");
            return new Compose(
                "Unsqueeze",
                inputs =>
                {
                    long[] wanted = axes(inputs);
                    return Normalize(wanted, inputs[0].dim() + wanted.Length).Order().Aggregate(inputs[0], (x, axis) => x.unsqueeze(axis));
                },
                kernels: (_, inputs) => inputs is [{ Form: MapForm.Flat, IsVector: true } value]
                    && Normalize(axes([]), 4).Order().SequenceEqual([2, 3])
                    ? value with { Form = MapForm.ChannelsFirst }
                    : null);
        },
        ["DepthToSpace"] = node =>
        {
            int block = checked((int)node.Int("blocksize", 1));
            bool columnFirst = node.Text("mode", "DCR") == "CRD";
            return new Compose(
                "PixelShuffle",
                inputs => DepthToSpace(inputs[0], block, columnFirst),
                isLayer: true,
                kernels: (plan, inputs) => inputs is [{ IsMaps: true } value] && value.Shape.Channels % ((long)block * block) == 0
                    ? value with { Map = plan.Add(Kernel.PixelShuffle(block, columnFirst, value.Shape), value.Map!) }
                    : null);
        },
        ["SpaceToDepth"] = node =>
        {
            int block = checked((int)node.Int("blocksize", 1));
            return new Compose(
                "PixelUnshuffle",
                inputs => SpaceToDepth(inputs[0], block),
                isLayer: true,
                kernels: (plan, inputs) => inputs is [{ IsMaps: true } value] && value.Shape.Height % block == 0 && value.Shape.Width % block == 0
                    ? value with { Map = plan.Add(Kernel.PixelUnshuffle(block, isChannelFirst: false, value.Shape), value.Map!) }
                    : null);
        },
    };

    private static Func<torch.Tensor[], long[]> Required(Func<torch.Tensor[], long[]>? values, string name) =>
        values ?? throw new UnsupportedUseException($"without {name}");

    private static Constant MakeConstant(OnnxNode node)
    {
        torch.Tensor value = node.Tensor("value")
            ?? (node.HasAttribute("value_float") ? torch.tensor((float)node.Float("value_float", 0)) : null)
            ?? (node.HasAttribute("value_int") ? torch.tensor(node.Int("value_int", 0)) : null)
            ?? (node.Floats("value_floats") is { Length: > 0 } floats ? torch.tensor(floats) : null)
            ?? (node.Ints("value_ints") is { } ints ? torch.tensor(ints) : null)
            ?? throw new UnsupportedUseException("without a numeric value");
        return new Constant(value);
    }

    private static Compose MakeConstantOfShape(OnnxNode node)
    {
        node.Operand(0);
        using torch.Tensor given = node.Tensor("value") ?? torch.zeros(1);
        torch.ScalarType type = given.dtype;
        using torch.Tensor wide = given.to(torch.ScalarType.Float64);
        double value = wide.data<double>()[0];
        return new Compose("ConstantOfShape", inputs => HeldNumbers.Full(TensorSize.Check(inputs[0].ToLongs()), value, type));
    }

    private static torch.Tensor DepthToSpace(torch.Tensor x, long block, bool columnFirst)
    {
        (long n, long c, long h, long w) = (x.shape[0], x.shape[1] / (block * block), x.shape[2], x.shape[3]);
        torch.Tensor blocks = columnFirst
            ? x.reshape(n, c, block, block, h, w).permute(0, 1, 4, 2, 5, 3)
            : x.reshape(n, block, block, c, h, w).permute(0, 3, 4, 1, 5, 2);
        return blocks.reshape(n, c, h * block, w * block);
    }

    private static torch.Tensor SpaceToDepth(torch.Tensor x, long block)
    {
        (long n, long c, long h, long w) = (x.shape[0], x.shape[1], x.shape[2] / block, x.shape[3] / block);
        return x.reshape(n, c, h, block, w, block).permute(0, 3, 5, 1, 2, 4).reshape(n, c * block * block, h, w);
    }

    private static torch.Tensor Range(torch.Tensor[] inputs)
    {
        double[] bounds = [.. inputs.Select(input => input.to(torch.float64).item<double>())];
        TensorSize.Check((long)Math.Min(long.MaxValue / 2, Math.Max(0, Math.Ceiling((bounds[1] - bounds[0]) / bounds[2]))));
        return inputs[0].is_floating_point()
            ? HeldNumbers.Arange(bounds[0], bounds[1], bounds[2], torch.float32)
            : HeldNumbers.Arange(inputs[0].ToLongs()[0], inputs[1].ToLongs()[0], inputs[2].ToLongs()[0], torch.int64);
    }

    private static long[] PartOf(long[] values, long start, long end)
    {
        long first = Math.Clamp(start < 0 ? start + values.Length : start, 0, values.Length);
        long last = Math.Clamp(end < 0 ? end + values.Length : end, first, values.Length);
        return values[(int)first..(int)last];
    }

    private static long[] Normalize(long[] axes, long rank) => [.. axes.Select(axis => axis < 0 ? axis + rank : axis)];
}
