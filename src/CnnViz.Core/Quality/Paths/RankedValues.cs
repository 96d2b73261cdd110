namespace CnnViz.Quality;

/// <summary>Ranks of values, standardized, so that the mean product of two is Spearman's correlation. Equal values share the mean of their ranks.</summary>
internal sealed class RankedValues
{
    private readonly float[] _standardized;

    /// <param name="values">The values; all numbers.</param>
    public RankedValues(float[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        float[] sorted = [.. values];
        Array.Sort(sorted, order);
        var ranks = new double[values.Length];
        for (int first = 0, next; first < sorted.Length; first = next)
        {
            next = first + 1;
            while (next < sorted.Length && sorted[next] == sorted[first])
            {
                next++;
            }

            Array.ForEach(order[first..next], place => ranks[place] = (first + next - 1) / 2.0);
        }

        double mean = (values.Length - 1) / 2.0;
        double length = Math.Sqrt(ranks.Sum(rank => (rank - mean) * (rank - mean)));
        _standardized = [.. ranks.Select(rank => length > 0 ? (float)((rank - mean) / length) : 0)];
    }

    /// <summary>Spearman's correlation with as many other values, −1…1; 0 where either are all the same.</summary>
    public double CorrelationWith(RankedValues other) => _standardized.Zip(other._standardized, (one, two) => (double)one * two).Sum();
}
