using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>
/// Whether a preprocessing gives a network pictures in the range of its training, by what its first batch normalizations remember: they are
/// shown noise with the spectrum and the colours of natural images. That is enough to tell 0…255 from 0…1, and no more:
/// <see cref="PreprocessingMeasurement"/> tells the rest, with photos. Takes some hundredths of a second, whatever the size of the network.
/// </summary>
internal static class PreprocessingCheck
{
    /// <summary>
    /// How many nats another preprocessing must be ahead by. Of 25 networks with their usual preprocessing, none was as far behind (two of random
    /// weights by 2 and 2.8); of 38 times that 0…255 stood for 0…1 or the other way round, 27 were.
    /// </summary>
    public const double ClearMargin = 3;

    // Later ones hardly see the range of the image.
    private const int Normalizations = 3;

    private const int Textures = 4;
    private const int Side = 96;

    /// <summary>The named preprocessing that suits a network clearly better than its own.</summary>
    /// <param name="model">The model; of one or three channels.</param>
    /// <returns>The preprocessing, and by how many nats; null where none is clearly better, or where nothing can be told.</returns>
    public static (Preprocessing Better, double Margin)? Find(CnnModel model)
    {
        (Preprocessing Preprocessing, double Score)[] scores = FreedScalar.Repeat(() => Score(model));
        if (scores.Length == 0)
        {
            return null;
        }

        (Preprocessing better, double best) = scores.MaxBy(pair => pair.Score);
        return best - scores[0].Score >= ClearMargin ? (better, best - scores[0].Score) : null;
    }

    /// <summary>How well preprocessings suit a network, in nats: its own first, and then the named ones; none where nothing can be told.</summary>
    public static (Preprocessing Preprocessing, double Score)[] Score(CnnModel model)
    {
        LayerShape shape = model.InputShape;
        if (shape.Channels is not (1 or 3) || FirstNormalizations(model.Graph) is not { Length: > 0 } normalizations
            || normalizations.Any(normalization => !normalization.RemembersTraining))
        {
            return [];
        }

        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor textures = torch.stack(Enumerable.Range(1, Textures).Select(seed => NaturalNoise.Make(
            shape.Channels, Math.Min(shape.Height, Side), Math.Min(shape.Width, Side), (ulong)seed))).to(model.TorchDevice);
        try
        {
            return [.. Preprocessing.Named.Where(named => named.Mean.Count == 1 || named.Mean.Count == shape.Channels).Prepend(model.Preprocessing)
                .Select(preprocessing => (preprocessing, Score(model.Graph, preprocessing.Apply(textures))))];
        }
        catch (ImageSizeException)
        {
            return [];
        }
    }

    private static BatchNorm[] FirstNormalizations(Graph graph) => [.. Enumerable.Range(0, graph.Nodes.Count)
        .Where(graph.DependsOnImage).Select(node => graph.Nodes[node].Operator).OfType<BatchNorm>().Take(Normalizations)];

    private static double Score(Graph graph, torch.Tensor input)
    {
        var statistics = new NormalizationStatistics(graph, Normalizations);
        int[] wanted = [.. statistics.Inputs];
        if (wanted.Contains(0))
        {
            statistics.Add(0, input);
        }

        if (wanted.Any(node => node > 0))
        {
            graph.SubGraph([.. wanted.Where(node => node > 0)]).Run(input, (node, value) =>
            {
                if (wanted.Contains(node))
                {
                    statistics.Add(node, value);
                }
            });
        }

        double score = -Math.Log(statistics.Mismatch ?? 1);
        return double.IsFinite(score) ? score : double.NegativeInfinity;
    }
}
