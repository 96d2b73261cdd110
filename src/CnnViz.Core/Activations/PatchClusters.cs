namespace CnnViz.Activations;

/// <summary>
/// Whether features of several parts of photos are alike, by the figures of SemanticLens (Dreyer et al. 2025; its published code, scores.py).
/// </summary>
internal static class PatchClusters
{
    private const int MostRounds = 100;

    // As published, for features of which a cluster would have one member only.
    private const int ComparedWithMean = 10;

    /// <summary>The mean cosine between two different vectors: (‖mean of the unit vectors‖² − 1/n) · n / (n − 1).</summary>
    /// <param name="vectors">Two or more, of one length.</param>
    /// <returns>From −1 / (n − 1), where they point everywhere, to 1, where all point to the same side; NaN where one is zero.</returns>
    public static double Clarity(IReadOnlyList<double[]> vectors)
    {
        double[] mean = Mean([.. vectors.Select(Unit)]);
        double count = vectors.Count;
        return (mean.Sum(value => value * value) - 1 / count) * count / (count - 1);
    }

    /// <summary>1 minus the clarity of the centres of two clusters.</summary>
    /// <param name="vectors">Two or more, of one length.</param>
    /// <returns>From 0, where the centres point to the same side, to 2.</returns>
    public static double Polysemanticity(IReadOnlyList<double[]> vectors)
    {
        double[][][] clusters = Cluster(vectors);
        if (clusters.Min(cluster => cluster.Length) >= 2)
        {
            return 1 - Clarity([.. clusters.Select(Mean)]);
        }

        double[] mean = Mean(vectors);
        return 1 - vectors.Take(ComparedWithMean).Average(vector => Clarity([mean, vector]));
    }

    // Lloyd's algorithm, from each vector and the one that is farthest from it; the tightest of these clusterings. No chance is in it.
    private static double[][][] Cluster(IReadOnlyList<double[]> vectors) => vectors
        .Select(vector => Cluster(vectors, vector, vectors.MaxBy(other => Distance(vector, other))!))
        .MinBy(clusters => clusters.Sum(cluster => cluster.Length == 0 ? 0 : Mean(cluster) is var mean ? cluster.Sum(vector => Distance(vector, mean)) : 0))!;

    private static double[][][] Cluster(IReadOnlyList<double[]> vectors, double[] first, double[] second)
    {
        bool[] isSecond = [];
        for (int round = 0; round < MostRounds; round++)
        {
            bool[] next = [.. vectors.Select(vector => Distance(vector, second) < Distance(vector, first))];
            if (next.SequenceEqual(isSecond) || next.Distinct().Count() < 2)
            {
                isSecond = next;
                break;
            }

            isSecond = next;
            (first, second) = (Mean([.. vectors.Where((_, i) => !next[i])]), Mean([.. vectors.Where((_, i) => next[i])]));
        }

        return [[.. vectors.Where((_, i) => !isSecond[i])], [.. vectors.Where((_, i) => isSecond[i])]];
    }

    private static double[] Unit(double[] vector)
    {
        double length = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / length)];
    }

    private static double[] Mean(IReadOnlyList<double[]> vectors)
    {
        var mean = new double[vectors[0].Length];
        foreach (double[] vector in vectors)
        {
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += vector[i] / vectors.Count;
            }
        }

        return mean;
    }

    private static double Distance(double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += (left[i] - right[i]) * (left[i] - right[i]);
        }

        return sum;
    }
}
