using CnnViz.Kernels;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.Onnx;

// What makes one value of many along some axes.
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Operator>> Reductions() => new()
    {
        ["ReduceMean"] = node => Reduce(node, "ReduceMean", (x, dims, keep) => x.mean(dims, keep), GlobalPool.Mean),
        ["ReduceSum"] = node => Reduce(node, "ReduceSum", (x, dims, keep) => x.sum(dims, keep)),
        ["ReduceMax"] = node => Reduce(node, "ReduceMax", (x, dims, keep) => x.amax(dims, keep), GlobalPool.Max),
        ["ReduceMin"] = node => Reduce(node, "ReduceMin", (x, dims, keep) => x.amin(dims, keep)),
        ["ReduceL1"] = node => Reduce(node, "ReduceL1", (x, dims, keep) => x.abs().sum(dims, keep)),
        ["ReduceL2"] = node => Reduce(node, "ReduceL2", (x, dims, keep) => (x * x).sum(dims, keep).Root(2)),
        ["ReduceSumSquare"] = node => Reduce(node, "ReduceSumSquare", (x, dims, keep) => (x * x).sum(dims, keep)),
        ["ReduceProd"] = node => Reduce(node, "ReduceProd", (x, dims, keep) =>
            dims.OrderDescending().Aggregate(x, (value, dim) => value.prod(dim, keep))),
        ["ReduceLogSum"] = node => Reduce(node, "ReduceLogSum", (x, dims, keep) => x.sum(dims, keep).log()),
        ["ReduceLogSumExp"] = node => Reduce(node, "ReduceLogSumExp", (x, dims, keep) =>
            dims.OrderDescending().Aggregate(x, (value, dim) => value.logsumexp(dim, keep))),
        ["ArgMax"] = node => ArgBest(node, "ArgMax", (x, axis, keep) => x.argmax(axis, keep)),
        ["ArgMin"] = node => ArgBest(node, "ArgMin", (x, axis, keep) => x.argmin(axis, keep)),
    };

    private static Compose ArgBest(OnnxNode node, string kind, Func<torch.Tensor, long, bool, torch.Tensor> find)
    {
        long axis = node.Int("axis", 0);
        bool keep = node.Int("keepdims", 1) != 0;
        return node.Int("select_last_index", 0) != 0
            ? throw Unsupported("select_last_index", 1)
            : new Compose(kind, inputs => find(inputs[0], axis, keep));
    }

    // The kernel is for the mean, or whatever it is, of all pixels.
    private static Compose Reduce(
        OnnxNode node, string kind, Func<torch.Tensor, long[], bool, torch.Tensor> reduce, Func<MapShape, Kernel?>? kernel = null)
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
                        return inputs[0];
                    }

                    wanted = [.. Enumerable.Range(0, (int)inputs[0].dim()).Select(i => (long)i)];
                }

                return reduce(inputs[0], wanted, keep);
            },
            isLayer: true,
            seesWholeImage: node.Constant(1)?.ToLongs() is not [1] && node.Ints("axes") is not [1],
            kernels: (plan, inputs) => inputs is [{ IsMaps: true } value] && axes is not null
                && Normalize(axes([]), 4).Order().SequenceEqual([2, 3]) && kernel?.Invoke(value.Shape) is { } made
                ? new KernelValue(plan.Add(made, value.Map!), keep ? MapForm.ChannelsFirst : MapForm.Flat)
                : null);
    }
}
