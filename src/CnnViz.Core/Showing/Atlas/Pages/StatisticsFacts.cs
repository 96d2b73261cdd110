using CnnViz.Activations;

namespace CnnViz.Showing.Atlas.Pages;

/// <summary>What a filter does on many photos, as the pages show it; figures that would mean nothing are left out.</summary>
internal static class StatisticsFacts
{
    public static IReadOnlyList<FactView> Of(FilterStatistics? statistics) => statistics is null ? [] :
    [
        .. new (string Name, string? Value)[]
        {
            ("Photos", Figures.Text(statistics.Photos)),
            ("Dead in", Figures.Percent(100 * statistics.DeadShare)),
            ("Positions not above zero", Figures.Percent(100 * statistics.Sparsity)),
            ("Mean", Number(statistics.Mean)),
            ("Maximum", Number(statistics.Max)),
            ("Photo with the maximum", statistics.MaxImage),
            ("Nearest filter", statistics.Nearest is { } nearest ? $"{Figures.Text(nearest)}, correlation {Number(statistics.Correlation)}" : null),
            ("Clarity", Number(statistics.Clarity)),
            ("Polysemanticity", Number(statistics.Polysemanticity)),
            ("Tells best", statistics.Concept is { } concept ? $"{concept}, AUC {Number(statistics.Auc)}" : null),
        }.Where(fact => fact.Value is not null).Select(fact => new FactView(fact.Name, fact.Value!)),
    ];

    private static string? Number(double? value) => value is { } number && double.IsFinite(number) ? Figures.Text(number) : null;
}
