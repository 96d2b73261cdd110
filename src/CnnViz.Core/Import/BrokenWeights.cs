using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import;

/// <summary>Weights that are infinite or not a number, as a training that failed or a damaged file leaves them.</summary>
internal static class BrokenWeights
{
    private const int MostNamed = 3;

    /// <summary>What the user should know of a network's weights.</summary>
    /// <returns>A sentence; null where all of them are numbers.</returns>
    public static string? Remark(Graph graph)
    {
        // Constants beside the weights may be infinite on purpose, as masks are.
        string[] names = [.. graph.Nodes.Where(node => node.Operator is not Constant && !node.Operator.Weights.All(IsFinite)).Select(node => node.Name)];
        string more = names.Length > MostNamed ? $" and {names.Length - MostNamed} more" : string.Empty;
        return names.Length == 0 ? null
            : $"Weights of {string.Join(", ", names.Take(MostNamed).Select(WeightFile.Quote))}{more} are infinite or not a number: what depends on them has no pictures. "
                + "The training failed, or the file is damaged.";
    }

    // A sum is quick, and is no number where one of the summands is none. It may also be too large.
    private static bool IsFinite(torch.Tensor weight)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return !weight.is_floating_point() || float.IsFinite(weight.sum().ToFloats()[0]) || weight.isfinite().all().item<bool>();
    }
}
