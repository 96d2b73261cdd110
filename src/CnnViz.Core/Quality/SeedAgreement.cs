namespace CnnViz.Quality;

/// <summary>
/// Whether pictures of one filter from different seeds, or by different recipes, show the same thing: the correlation of what the layer's other filters answer to
/// them, each filter's activation standardized by what it answers to reference pictures. The filter itself does not count, as all of
/// the pictures were made to raise it.
/// </summary>
internal static class SeedAgreement
{
    // Fewer values correlate by chance.
    private const int LeastFilters = 3;

    /// <summary>The mean agreement of each picture with the others of its filter: of other seeds, and of other recipes.</summary>
    /// <param name="measurements">Pictures of any filters.</param>
    /// <returns>The same in the same order, with their agreement where they have company.</returns>
    public static IEnumerable<FilterImageQuality> Compare(IReadOnlyList<QualityMeasurement> measurements)
    {
        ILookup<object, QualityMeasurement> groups = measurements.ToLookup(KeyOf);
        foreach (QualityMeasurement measurement in measurements)
        {
            QualityMeasurement[] others = [.. groups[KeyOf(measurement)].Where(other => other != measurement)];
            FilterImageQuality quality = measurement.Quality;
            FilterImageQuality compared = quality with
            {
                Agreement = Mean(measurement, others.Where(other => other.Quality.Recipe == quality.Recipe && IsOtherSeed(quality, other.Quality))),
                RecipeAgreement = Mean(measurement, others.Where(other => other.Quality.Recipe != quality.Recipe)),
            };
            yield return compared.Verdict is null ? compared : VerdictRules.Judge(compared);
        }
    }

    private static float? Mean(QualityMeasurement measurement, IEnumerable<QualityMeasurement> others) =>
        (float?)others.Select(other => Correlation(measurement, other)).Average();

    private static object KeyOf(QualityMeasurement measurement)
    {
        FilterImageQuality quality = measurement.Quality;
        return (quality.ModelSha256, quality.Layer, quality.Filter, quality.Minimized);
    }

    // The same seed gives the same picture, which proves nothing. Where seeds are not known, they are taken to differ.
    private static bool IsOtherSeed(FilterImageQuality one, FilterImageQuality other) =>
        one.Seed is null || other.Seed is null || one.Seed != other.Seed;

    // Pearson's: the cosine of the two profiles less their means.
    private static double? Correlation(QualityMeasurement one, QualityMeasurement other)
    {
        (double A, double B)[] pairs =
        [
            .. one.Profile.Zip(other.Profile)
                .Where((pair, filter) => filter != one.Quality.Filter && double.IsFinite(pair.First) && double.IsFinite(pair.Second)),
        ];
        if (pairs.Length < LeastFilters)
        {
            return null;
        }

        (double meanA, double meanB) = (pairs.Average(pair => pair.A), pairs.Average(pair => pair.B));
        double product = pairs.Sum(pair => (pair.A - meanA) * (pair.B - meanB));
        double lengths = Math.Sqrt(pairs.Sum(pair => Math.Pow(pair.A - meanA, 2)) * pairs.Sum(pair => Math.Pow(pair.B - meanB, 2)));
        return lengths > 0 ? product / lengths : null;
    }
}

/// <summary>A picture's figures, with what comparing it with others takes.</summary>
/// <param name="Quality">The figures.</param>
/// <param name="Profile">Standardized activation of every filter of the layer; not a number for those that answer nothing.</param>
internal sealed record QualityMeasurement(FilterImageQuality Quality, double[] Profile);
