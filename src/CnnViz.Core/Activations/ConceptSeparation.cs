namespace CnnViz.Activations;

/// <summary>How well filters tell the photos of one folder from those of the others, by the area under the ROC curve.</summary>
internal sealed class ConceptSeparation
{
    private readonly string?[] _concepts;
    private readonly Dictionary<LayerProbe, List<(int Photo, float[] Maxima)>> _maxima = [];

    /// <summary>Reads the names of the folders.</summary>
    /// <param name="paths">Full paths of the photos.</param>
    public ConceptSeparation(IReadOnlyList<string> paths) => _concepts = [.. paths.Select(path => Path.GetFileName(Path.GetDirectoryName(path)))];

    /// <summary>Whether there are several folders; else there is nothing to tell apart.</summary>
    public bool HasConcepts => _concepts.Distinct().Skip(1).Any();

    /// <summary>Takes in what a photo does to the filters of all layers.</summary>
    /// <param name="photo">Its place among the paths.</param>
    /// <param name="image">What it does.</param>
    public void Add(int photo, ImageActivations image)
    {
        foreach (LayerActivations layer in HasConcepts ? image.Layers : [])
        {
            if (!_maxima.TryGetValue(layer.Probe, out List<(int, float[])>? photos))
            {
                _maxima.Add(layer.Probe, photos = []);
            }

            photos.Add((photo, layer.Maxima));
        }
    }

    /// <summary>The folder that a filter tells best.</summary>
    /// <param name="probe">The layer.</param>
    /// <param name="index">The filter's place among those that are measured.</param>
    /// <returns>The folder's name and the area, 0.5…1; null without several folders, or where a value is not a number.</returns>
    public (string Concept, double Auc)? Best(LayerProbe probe, int index)
    {
        if (!_maxima.TryGetValue(probe, out List<(int Photo, float[] Maxima)>? photos) || photos.Any(photo => float.IsNaN(photo.Maxima[index])))
        {
            return null;
        }

        (string Concept, double Rank)[] ranked = [.. Ranks([.. photos.Select(photo => photo.Maxima[index])])
            .Select((rank, i) => (_concepts[photos[i].Photo] ?? string.Empty, rank))];
        (string Concept, double Auc)[] areas = [.. ranked.GroupBy(photo => photo.Concept)
            .Where(group => group.Count() < ranked.Length)
            .Select(group => (group.Key, Area(group.Sum(photo => photo.Rank), group.Count(), ranked.Length)))
            .OrderByDescending(area => area.Item2)];
        return areas.Length == 0 ? null : areas[0];
    }

    // Mann and Whitney's statistic, as a share of all pairs.
    private static double Area(double rankSum, double own, double all) => (rankSum - own * (own + 1) / 2) / (own * (all - own));

    // From 1, the smallest; equal values share the mean of their ranks.
    private static double[] Ranks(float[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i])];
        var ranks = new double[values.Length];
        for (int first = 0, next; first < order.Length; first = next)
        {
            for (next = first + 1; next < order.Length && values[order[next]] == values[order[first]]; next++)
            {
            }

            foreach (int i in order[first..next])
            {
                ranks[i] = (first + 1 + next) / 2.0;
            }
        }

        return ranks;
    }
}
