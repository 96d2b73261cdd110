using CnnViz.Quality;

namespace CnnViz.Showing.Plots;

/// <summary>How pictures are like natural images on the way to their filters, as curves, with those of natural images among themselves beside them.</summary>
internal static class PathCurves
{
    /// <summary>The curves: of each picture, and two more of each filter.</summary>
    public static IEnumerable<AscentCurve> Of(IEnumerable<FilterImageQuality> qualities)
    {
        foreach (var filter in qualities.Where(quality => quality.PathCurve.Count > 0).GroupBy(quality => (quality.Model, quality.Layer, quality.Filter)))
        {
            string name = $"{filter.Key.Layer}:{filter.Key.Filter}";
            foreach (FilterImageQuality quality in filter)
            {
                string recipe = quality.Recipe is null ? string.Empty : $", {quality.Recipe}";
                yield return Curve(quality, name + recipe, point => point.Similarity);
            }

            FilterImageQuality first = filter.First();
            yield return Curve(first, $"{name}, photos that fire it", point => point.Same);
            yield return Curve(first, $"{name}, other photos", point => point.Other);
        }
    }

    private static AscentCurve Curve(FilterImageQuality quality, string name, Func<PathPoint, float> value) =>
        new(quality.Model, name, quality.Seed ?? 0, [.. quality.PathCurve.Select(value)]);
}
