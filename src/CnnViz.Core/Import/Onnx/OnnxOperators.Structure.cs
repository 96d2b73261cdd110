using CnnViz.Models.Operators;
using TorchSharp;
using DataType = CnnViz.Import.Onnx.Protocol.TensorProto.Types.DataType;

namespace CnnViz.Import.Onnx;

// What joins, cuts, moves and reduces, and the arithmetic of shapes.
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Operator>> Reductions() => new()
    {
        ["ReduceMean"] = node => Reduce(node, "ReduceMean", (x, dims, keep) => x.mean(dims, keep)),
        ["ReduceSum"] = node => Reduce(node, "ReduceSum", (x, dims, keep) => x.sum(dims, keep)),
        ["ReduceMax"] = node => Reduce(node, "ReduceMax", (x, dims, keep) => x.amax(dims, keep)),
        ["ReduceMin"] = node => Reduce(node, "ReduceMin", (x, dims, keep) => x.amin(dims, keep)),
        ["ReduceL1"] = node => Reduce(node, "ReduceL1", (x, dims, keep) => x.abs().sum(dims, keep)),
        ["ReduceL2"] = node => Reduce(node, "ReduceL2", (x, dims, keep) => (x * x).sum(dims, keep).sqrt()),
        ["ReduceSumSquare"] = node => Reduce(node, "ReduceSumSquare", (x, dims, keep) => (x * x).sum(dims, keep)),
        ["ReduceProd"] = node => Reduce(node, "ReduceProd", (x, dims, keep) =>
            dims.OrderDescending().Aggregate(x, (value, dim) => value.prod(dim, keep))),
        ["ArgMax"] = node =>
        {
            long axis = node.Int("axis", 0);
            bool keep = node.Int("keepdims", 1) != 0;
            return new Compose("ArgMax", inputs => inputs[0].argmax(axis, keep));
        },
    };

    private static Dictionary<string, Func<OnnxNode, Operator>> Structure() => new()
    {
        ["Identity"] = _ => throw new UnsupportedUseException("with more than one output"),
        ["Dropout"] = _ => throw new UnsupportedUseException("with its mask"),
        ["Constant"] = MakeConstant,
        ["ConstantOfShape"] = MakeConstantOfShape,
        ["Shape"] = node =>
        {
            long start = node.Int("start", 0);
            long end = node.Int("end", long.MaxValue);
            return new Compose("Shape", inputs => torch.tensor(Range(inputs[0].shape, start, end)));
        },
        ["Size"] = _ => new Compose("Size", inputs => torch.tensor(inputs[0].numel())),
        ["Range"] = _ => new Compose("Range", inputs => inputs[0].is_floating_point()
            ? torch.arange(inputs[0].ToDouble(), inputs[1].ToDouble(), inputs[2].ToDouble(), torch.float32)
            : torch.arange(inputs[0].ToInt64(), inputs[1].ToInt64(), inputs[2].ToInt64(), torch.int64)),
        ["Cast"] = node =>
        {
            torch.ScalarType type = (DataType)node.Int("to", 1) switch
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
        ["Split"] = MakeSplit,
        ["Slice"] = MakeSlice,
        ["Gather"] = node =>
        {
            long axis = node.Int("axis", 0);
            return new Compose("Gather", inputs => Gather(inputs[0], inputs[1], axis));
        },
        ["Pad"] = MakePad,
        ["Tile"] = node =>
        {
            node.Operand(0);
            Func<torch.Tensor[], long[]> repeats = Required(node.Longs(null, 1), "repeats");
            return new Compose("Tile", inputs => inputs[0].repeat(repeats(inputs)));
        },
        ["Expand"] = node =>
        {
            node.Operand(0);
            Func<torch.Tensor[], long[]> shape = Required(node.Longs(null, 1), "shape");
            return new Compose("Expand", inputs => inputs[0].expand(torch.broadcast_shapes(inputs[0].shape, shape(inputs))));
        },
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
            return new Compose("Permute", inputs =>
                inputs[0].permute(order ?? [.. Enumerable.Range(0, (int)inputs[0].dim()).Reverse().Select(i => (long)i)]));
        },
        ["Squeeze"] = node =>
        {
            node.Operand(0);
            Func<torch.Tensor[], long[]>? axes = node.Longs("axes", 1);
            return new Compose("Squeeze", inputs => axes is null
                ? inputs[0].squeeze()
                : Normalize(axes(inputs), inputs[0].dim()).OrderDescending().Aggregate(inputs[0], (x, axis) => x.squeeze(axis)));
        },
        ["Unsqueeze"] = node =>
        {
            node.Operand(0);
            Func<torch.Tensor[], long[]> axes = Required(node.Longs("axes", 1), "axes");
            return new Compose("Unsqueeze", inputs =>
            {
                long[] wanted = axes(inputs);
                return Normalize(wanted, inputs[0].dim() + wanted.Length).Order().Aggregate(inputs[0], (x, axis) => x.unsqueeze(axis));
            });
        },
        ["DepthToSpace"] = node =>
        {
            long block = node.Int("blocksize", 1);
            bool columnFirst = node.Text("mode", "DCR") == "CRD";
            return new Compose("PixelShuffle", inputs => DepthToSpace(inputs[0], block, columnFirst), isLayer: true);
        },
        ["SpaceToDepth"] = node =>
        {
            long block = node.Int("blocksize", 1);
            return new Compose("PixelUnshuffle", inputs => SpaceToDepth(inputs[0], block), isLayer: true);
        },
    };

    private static Func<torch.Tensor[], long[]> Required(Func<torch.Tensor[], long[]>? values, string name) =>
        values ?? throw new UnsupportedUseException($"without {name}");

    private static Compose Reduce(OnnxNode node, string kind, Func<torch.Tensor, long[], bool, torch.Tensor> reduce)
    {
        node.Operand(0);
        Func<torch.Tensor[], long[]>? axes = node.Longs("axes", 1);
        bool keep = node.Int("keepdims", 1) != 0;
        bool nothingIfEmpty = node.Int("noop_with_empty_axes", 0) != 0;
        return new Compose(
            kind,
            inputs =>
            {
                long[] wanted = Normalize(axes?.Invoke(inputs) ?? [], inputs[0].dim());
                if (wanted.Length == 0)
                {
                    if (nothingIfEmpty)
                    {
                        return inputs[0].alias();
                    }

                    wanted = [.. Enumerable.Range(0, (int)inputs[0].dim()).Select(i => (long)i)];
                }

                return reduce(inputs[0], wanted, keep);
            },
            isLayer: true);
    }

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
        bool whole = !given.is_floating_point();
        double value = given.to(torch.ScalarType.Float64).reshape(-1)[0].ToDouble();
        return new Compose("ConstantOfShape", inputs =>
            torch.full(inputs[0].ToLongs(), value, whole ? torch.ScalarType.Int64 : torch.ScalarType.Float32));
    }

    private static Compose MakeSplit(OnnxNode node)
    {
        node.Operand(0);
        long axis = node.Int("axis", 0);
        Func<torch.Tensor[], long[]>? sizes = node.Longs("split", 1);
        int part = node.Output;
        int parts = node.OutputCount;
        return new Compose("Split", inputs =>
        {
            long length = inputs[0].shape[axis < 0 ? axis + inputs[0].dim() : axis];
            long even = (length + parts - 1) / parts;
            long[] all = sizes?.Invoke(inputs)
                ?? [.. Enumerable.Range(0, parts).Select(i => Math.Clamp(length - i * even, 0, even))];
            return inputs[0].narrow(axis, all[..part].Sum(), all[part]);
        });
    }

    private static Compose MakeSlice(OnnxNode node)
    {
        node.Operand(0);
        Func<torch.Tensor[], long[]> starts = Required(node.Longs("starts", 1), "starts");
        Func<torch.Tensor[], long[]> ends = Required(node.Longs("ends", 2), "ends");
        Func<torch.Tensor[], long[]>? axes = node.Longs("axes", 3);
        Func<torch.Tensor[], long[]>? steps = node.Longs(null, 4);
        return new Compose("Slice", inputs =>
        {
            long[] from = starts(inputs);
            long[] to = ends(inputs);
            long[] along = axes?.Invoke(inputs) ?? [.. Enumerable.Range(0, from.Length).Select(i => (long)i)];
            long[] by = steps?.Invoke(inputs) ?? [.. from.Select(_ => 1L)];
            torch.Tensor output = inputs[0];
            for (int i = 0; i < from.Length; i++)
            {
                output = Slice(output, along[i] < 0 ? along[i] + output.dim() : along[i], from[i], to[i], by[i]);
            }

            return ReferenceEquals(output, inputs[0]) ? output.alias() : output;
        });
    }

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
        flat = torch.where(flat < 0, flat + length, flat);
        return input.index_select(along, flat).reshape([.. input.shape[..(int)along], .. indices.shape, .. input.shape[((int)along + 1)..]]);
    }

    private static Compose MakePad(OnnxNode node)
    {
        node.Operand(0);
        string mode = node.Text("mode", "constant");
        PaddingModes torchMode = mode switch
        {
            "constant" => PaddingModes.Constant,
            "reflect" => PaddingModes.Reflect,
            "edge" => PaddingModes.Replicate,
            "wrap" => PaddingModes.Circular,
            _ => throw Unsupported("mode", mode),
        };
        double value = node.Number("value", 2, 0);
        Func<torch.Tensor[], long[]> pads = Required(node.Longs("pads", 1), "pads");
        Func<torch.Tensor[], long[]>? axes = node.Longs(null, 3);
        return new Compose("Pad", inputs => Pad(inputs[0], pads(inputs), axes?.Invoke(inputs), torchMode, value));
    }

    private static torch.Tensor Pad(torch.Tensor input, long[] pads, long[]? axes, PaddingModes mode, double value)
    {
        int rank = (int)input.dim();
        int[] along = [.. Normalize(axes ?? [.. Enumerable.Range(0, rank).Select(i => (long)i)], rank).Select(axis => (int)axis)];
        var begins = new long[rank];
        var ends = new long[rank];
        for (int i = 0; i < along.Length; i++)
        {
            begins[along[i]] = pads[i];
            ends[along[i]] = pads[i + along.Length];
        }

        // torch lists the last dimension first, and pads by reflection only trailing dimensions.
        int first = Enumerable.Range(0, rank).FirstOrDefault(i => begins[i] != 0 || ends[i] != 0, rank);
        long[] all = [.. Enumerable.Range(first, rank - first).Reverse().SelectMany(i => new[] { begins[i], ends[i] })];
        return all.Length == 0 ? input.alias()
            : mode == PaddingModes.Constant ? torch.nn.functional.pad(input, all, mode, value)
            : torch.nn.functional.pad(input, all, mode);
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

    private static long[] Range(long[] values, long start, long end)
    {
        long first = Math.Clamp(start < 0 ? start + values.Length : start, 0, values.Length);
        long last = Math.Clamp(end < 0 ? end + values.Length : end, first, values.Length);
        return values[(int)first..(int)last];
    }

    private static long[] Normalize(long[] axes, long rank) => [.. axes.Select(axis => axis < 0 ? axis + rank : axis)];
}
