using CnnViz.Networks.Operators;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Import.Onnx;

// What picks and puts values by their places, sums of products by the names of axes, and sampling at computed points.
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Operator>> Indexing() => new()
    {
        ["Einsum"] = node =>
        {
            string equation = node.Text("equation", string.Empty).Replace(" ", string.Empty, StringComparison.Ordinal);
            return equation.Length == 0
                ? throw new UnsupportedUseException("without an equation")
                : new Compose("Einsum", inputs => torch.einsum(equation, inputs), isLayer: true, seesWholeImage: true);
        },
        ["GatherElements"] = node =>
        {
            long axis = node.Int("axis", 0);
            return new Compose("Gather", inputs => inputs[0].gather(axis, Inside(inputs[1], inputs[0].shape[At(axis, inputs[0])])));
        },
        ["GatherND"] = node =>
        {
            int batch = (int)node.Int("batch_dims", 0);
            return batch != 0 ? throw Unsupported("batch_dims", batch) : new Compose("Gather", inputs => GatherAt(inputs[0], inputs[1]));
        },
        ["ScatterElements"] = node => Scatter(node, (data, places, updates, add, axis) =>
        {
            torch.Tensor inside = Inside(places, data.shape[At(axis, data)]);
            return add ? data.scatter_add(axis, inside, updates) : data.scatter(axis, inside, updates);
        }),
        ["Scatter"] = node => Scatter(node, (data, places, updates, _, axis) =>
            data.scatter(axis, Inside(places, data.shape[At(axis, data)]), updates)),
        ["ScatterND"] = node => Scatter(node, (data, places, updates, add, _) => ScatterAt(data, places, updates, add)),
        ["NonZero"] = node => node.Constant(0) is null
            ? throw new UnsupportedUseException("of what is in the image")
            : new Compose("NonZero", inputs => inputs[0].nonzero().t().contiguous()),
        ["CumSum"] = node =>
        {
            long axis = node.Constant(1)?.ToLongs() is [var given] ? given : throw new UnsupportedUseException("whose axis is not a constant");
            bool isPlain = node.Int("exclusive", 0) == 0 && node.Int("reverse", 0) == 0;
            node.Operand(0);
            return isPlain ? new Compose("CumSum", inputs => inputs[0].cumsum(axis)) : throw new UnsupportedUseException("exclusive or reverse");
        },
        ["Trilu"] = node =>
        {
            long diagonal = node.Has(1) ? node.Constant(1)?.ToLongs()[0] ?? throw new UnsupportedUseException("whose diagonal is not a constant") : 0;
            bool upper = node.Int("upper", 1) != 0;
            node.Operand(0);
            return new Compose("Trilu", inputs => upper ? inputs[0].triu(diagonal) : inputs[0].tril(diagonal));
        },
        ["GridSample"] = node =>
        {
            torch.GridSampleMode mode = node.Text("mode", "bilinear") switch
            {
                "bilinear" or "linear" => torch.GridSampleMode.Bilinear,
                "nearest" => torch.GridSampleMode.Nearest,
                string other => throw Unsupported("mode", other),
            };
            torch.GridSamplePaddingMode padding = node.Text("padding_mode", "zeros") switch
            {
                "zeros" => torch.GridSamplePaddingMode.Zeros,
                "border" => torch.GridSamplePaddingMode.Border,
                "reflection" => torch.GridSamplePaddingMode.Reflection,
                string other => throw Unsupported("padding_mode", other),
            };
            bool corners = node.Int("align_corners", 0) != 0;
            return new Compose(
                "GridSample",
                inputs => grid_sample(inputs[0], inputs[1], mode, padding, corners),
                isLayer: true,
                seesWholeImage: true);
        },
    };

    private static Compose Scatter(
        OnnxNode node, Func<torch.Tensor, torch.Tensor, torch.Tensor, bool, long, torch.Tensor> scatter)
    {
        string reduction = node.Text("reduction", "none");
        long axis = node.Int("axis", 0);
        return reduction is "none" or "add"
            ? new Compose("Scatter", inputs => scatter(inputs[0], inputs[1], inputs[2], reduction == "add", axis))
            : throw Unsupported("reduction", reduction);
    }

    // The places' last dimension counts along the first dimensions of the data.
    private static (torch.Tensor Rows, long[] Shape) RowsAt(torch.Tensor data, torch.Tensor places)
    {
        int depth = (int)places.shape[^1];
        torch.Tensor rows = torch.zeros(places.shape[..^1], torch.int64, places.device);
        for (int axis = 0; axis < depth; axis++)
        {
            rows = rows.Mul(data.shape[axis]).Add(Inside(places.select(-1, axis), data.shape[axis]));
        }

        return (rows.reshape(-1), [data.shape[..depth].Aggregate(1L, (product, size) => product * size), .. data.shape[depth..]]);
    }

    private static torch.Tensor GatherAt(torch.Tensor data, torch.Tensor places)
    {
        (torch.Tensor rows, long[] shape) = RowsAt(data, places);
        return data.reshape(shape).index_select(0, rows).reshape([.. places.shape[..^1], .. shape[1..]]);
    }

    private static torch.Tensor ScatterAt(torch.Tensor data, torch.Tensor places, torch.Tensor updates, bool add)
    {
        (torch.Tensor rows, long[] shape) = RowsAt(data, places);
        torch.Tensor flat = data.reshape(shape);
        torch.Tensor values = updates.reshape([rows.numel(), .. shape[1..]]);
        return (add ? flat.IndexAdd(0, rows, values) : flat.index_copy(0, rows, values)).reshape(data.shape);
    }

    private static long At(long axis, torch.Tensor data) => axis < 0 ? axis + data.dim() : axis;

    private static torch.Tensor Inside(torch.Tensor places, long length) => torch.where(places.Lt(0), places.Add(length), places);
}
