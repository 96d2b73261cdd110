using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>
/// Whether a picture takes the way through the network that natural images take which fire the filter, or another one: a filter can be fired by
/// pictures that the layers before it see nothing natural in (Geirhos et al., "Don't trust your eyes: on the (un)reliability of feature
/// visualizations", 2024).
/// </summary>
internal sealed class PathCheck
{
    // As many natural images as that on either side.
    private const int Fewest = 2;
    private const int Most = 8;
    private const int Share = 20;

    private readonly PathProbe _probe;
    private readonly RankedValues[][] _firing;
    private readonly (float Same, float Other)[] _lines;

    private PathCheck(PathProbe probe, RankedValues[][] firing, RankedValues[][] others)
    {
        (_probe, _firing) = (probe, firing);
        _lines = [.. probe.Layers.Select((_, layer) => (
            Mean(firing.SelectMany((one, i) => firing[..i].Select(two => one[layer].CorrelationWith(two[layer])))),
            Mean(firing.SelectMany(one => others.Select(two => one[layer].CorrelationWith(two[layer]))))))];
    }

    /// <summary>Prepares the check of a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="responses">What the layer's filters answer to natural images.</param>
    /// <param name="least">Whether images count that the filter answers least to.</param>
    /// <param name="read">Reads a natural image: C×H×W, the caller's; null where that is no longer possible.</param>
    /// <param name="cancellation">Stops between two operations.</param>
    /// <returns>Null where there are too few images, or no layers before the filter's.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PathCheck? For(
        CnnFilter filter, ReferenceResponses responses, bool least, Func<string, torch.Tensor?> read, CancellationToken cancellation)
    {
        string[] ordered = [.. responses.Ordered(filter.Index, least)];
        int count = Math.Clamp(ordered.Length / Share, Fewest, Most);
        var probe = new PathProbe(filter.Layer);
        if (ordered.Length < 2 * count || probe.Layers.Count == 0)
        {
            return null;
        }

        // Others: spread over the half that the filter answers less to.
        string[] half = ordered[(ordered.Length / 2)..];
        RankedValues[][] firing = Look(ordered[..count]);
        RankedValues[][] others = Look([.. Enumerable.Range(0, count).Select(i => half[i * half.Length / count])]);
        return firing.Length >= Fewest && others.Length > 0 ? new PathCheck(probe, firing, others) : null;

        RankedValues[][] Look(string[] paths)
        {
            var seen = new List<RankedValues[]>();
            foreach (string path in paths)
            {
                using torch.Tensor? picture = read(path);
                if (picture is not null)
                {
                    seen.Add(probe.Of(picture, cancellation));
                }
            }

            return [.. seen];
        }
    }

    /// <summary>The picture at each layer on the way.</summary>
    /// <param name="picture">C×H×W, 0…1; of the size of the natural images.</param>
    /// <param name="cancellation">Stops between two operations.</param>
    public PathPoint[] Measure(torch.Tensor picture, CancellationToken cancellation)
    {
        RankedValues[] own = _probe.Of(picture, cancellation);
        return [.. _probe.Layers.Select((layer, i) =>
            new PathPoint(layer.Name, Mean(_firing.Select(natural => natural[i].CorrelationWith(own[i]))), _lines[i].Same, _lines[i].Other))];
    }

    /// <summary>
    /// One figure for the way: how far the picture is from the lower line to the upper one, over all layers; 1 for a picture that is as like natural images
    /// that fire the filter as they are one another, 0 for one that is as like them as others are.
    /// </summary>
    /// <returns>Null where the lines do not differ, so that the network tells nothing on the way.</returns>
    public static float? Figure(IReadOnlyList<PathPoint> path)
    {
        double range = path.Sum(point => point.Same - point.Other);
        return range > 0.01 * path.Count ? (float)(path.Sum(point => point.Similarity - point.Other) / range) : null;
    }

    private static float Mean(IEnumerable<double> values) => (float)values.Average();
}
