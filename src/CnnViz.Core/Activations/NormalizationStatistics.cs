using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Activations;

/// <summary>
/// How far the inputs of batch normalizations are from the mean and the variance that they had in training, which the normalizations remember:
/// the statistic of Yin et al. 2020, DeepInversion, as a divergence. It needs neither classes nor photos of what the network was trained on.
/// </summary>
/// <param name="graph">The network.</param>
/// <param name="most">How many of its normalizations count, the first ones.</param>
internal sealed class NormalizationStatistics(Graph graph, int most = int.MaxValue)
{
    // A channel that is constant would have a divergence without bound.
    private const double LeastVariance = 1e-6;

    // Below is only rounding.
    private const double LeastMismatch = 1e-9;

    private readonly Dictionary<int, Sums> _layers = Enumerable.Range(0, graph.Nodes.Count)
        .Where(node => graph.Nodes[node].Operator is BatchNorm && graph.DependsOnImage(node))
        .Take(most)
        .ToDictionary(node => node, _ => new Sums());

    /// <summary>The nodes whose values it wants to see.</summary>
    public IEnumerable<int> Inputs => _layers.Keys.Select(node => graph.Nodes[node].Inputs[0]).Distinct();

    /// <summary>
    /// From 0: the geometric mean over layers, so that each counts by its ratio, of the mean over channels of log(1 + D), where D is the divergence, in
    /// nats, of the normal distribution with the mean and variance seen from that of training (Kullback and Leibler); null without normalizations.
    /// </summary>
    public double? Mismatch => _layers.Values.Where(layer => layer.Count > 0).Select(Of).ToArray() is { Length: > 0 } layers
        ? Math.Exp(layers.Average(mismatch => Math.Log(Math.Max(mismatch, LeastMismatch))))
        : null;

    /// <summary>Takes in the value of a node, of any batch.</summary>
    /// <param name="input">The node.</param>
    /// <param name="value">N×C×H×W or N×C; stays the caller's.</param>
    public void Add(int input, torch.Tensor value)
    {
        foreach ((int node, Sums sums) in _layers)
        {
            if (graph.Nodes[node].Inputs[0] == input && graph.Nodes[node].Operator is BatchNorm norm)
            {
                using DisposeScope scope = torch.NewDisposeScope();
                long channels = value.shape[1];
                torch.Tensor standard = norm.Standardize(value).reshape(value.shape[0], channels, -1);
                sums.Count += standard.numel() / channels;
                sums.First = Sum(sums.First, standard.sum([0, 2]));
                sums.Second = Sum(sums.Second, (standard * standard).sum([0, 2]));
            }
        }
    }

    private static double[] Sum(double[]? sums, torch.Tensor values)
    {
        float[] more = values.ToFloats();
        return [.. more.Select((value, i) => value + (sums?[i] ?? 0))];
    }

    private static double Of(Sums layer) => layer.First!.Zip(layer.Second!, (first, second) =>
    {
        double mean = first / layer.Count;
        double variance = Math.Max(second / layer.Count - mean * mean, LeastVariance);
        return Math.Log(1 + (variance + mean * mean - 1 - Math.Log(variance)) / 2);
    }).Average();

    private sealed class Sums
    {
        public long Count { get; set; }

        public double[]? First { get; set; }

        public double[]? Second { get; set; }
    }
}
