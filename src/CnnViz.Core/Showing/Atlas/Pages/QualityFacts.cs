using CnnViz.Quality;

namespace CnnViz.Showing.Atlas.Pages;

/// <summary>The figures of a picture as the pages show them; those that would mean nothing are left out.</summary>
internal static class QualityFacts
{
    public static IReadOnlyList<FactView> Of(FilterImageQuality? quality)
    {
        if (quality is null)
        {
            return [];
        }

        var facts = new List<FactView>();
        Add("Verdict", quality.Verdict?.ToString());
        Add("Because", quality.Reasons.Count > 0 ? string.Join(' ', quality.Reasons) : null);
        Add("Rank in the layer", quality.Rank is { } rank ? $"{Figures.Text(rank)} of {Figures.Text(quality.Filters)}" : null);
        Add("Standardized rank", quality.StandardRank is { } place ? $"{Figures.Text(place)} of {Figures.Text(quality.Filters)}" : null);
        Add("Left after disturbances", Share(quality.Retention));
        Add("At 0.92 and 1.08 of the size", Pair(quality.RetentionSmaller, quality.RetentionLarger));
        Add("Shifted by a twentieth", Share(quality.RetentionShift));
        Add("Turned by 5°, left and right", Pair(quality.RetentionLeft, quality.RetentionRight));
        Add("As JPEG of quality 75", Share(quality.RetentionJpeg));
        Add("Against the best natural image", quality.NaturalRatio is { } ratio ? $"{Figures.Text(ratio)} times" : null);
        Add("Best natural image", quality.NaturalImage);
        Add("Agreement with natural images", Chance(quality.NaturalAgreement, quality.NaturalClarity));
        Add("By a second network", Chance(quality.JudgeAgreement, quality.JudgeClarity));
        Add("Distance of spectrum", quality.SpectralDistance is { } distance ? $"{Figures.Text(distance)} decades" : null);
        Add("Agreement of seeds", quality.Agreement is { } agreement ? Figures.Text(agreement) : null);
        Add("Agreement of recipes", quality.RecipeAgreement is { } recipes ? Figures.Text(recipes) : null);
        return facts;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                facts.Add(new FactView(name, value));
            }
        }
    }

    private static string? Share(float? value) => value is { } share ? Figures.Percent(100.0 * share) : null;

    // The agreement, and what natural images have among themselves.
    private static string? Chance(float? agreement, float? clarity) => agreement is null ? null : $"{Share(agreement)} (theirs {Share(clarity) ?? "–"})";

    private static string? Pair(float? one, float? other) =>
        one is null && other is null ? null : $"{Share(one) ?? "–"} and {Share(other) ?? "–"}";
}
