namespace CnnViz.Benchmarks;

/// <summary>What is made of single figures.</summary>
internal static class Figures
{
    /// <summary>The median; not a number where there are none.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
