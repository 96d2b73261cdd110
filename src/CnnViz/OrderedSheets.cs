using CnnViz.Showing.Sheets;

namespace CnnViz;

/// <summary>The sheets of a pipeline, in the order in which their first pictures came.</summary>
internal sealed class OrderedSheets
{
    private readonly Dictionary<(string Model, string Layer), PlannedSheet> _byOrigin = [];
    private readonly List<PlannedSheet> _all = [];

    public IReadOnlyList<PlannedSheet> All => _all;

    /// <summary>The sheet that a picture belongs on.</summary>
    /// <param name="tile">The picture.</param>
    /// <param name="grouping">Which pictures are together.</param>
    /// <param name="comparison">What is compared on a sheet; the pictures of all models are on one, where it is those.</param>
    /// <param name="plan">Called for the first picture of each.</param>
    public PlannedSheet Get(SheetTile tile, SheetGrouping grouping, SheetComparison? comparison, Func<SheetTile, PlannedSheet> plan)
    {
        string model = comparison == SheetComparison.Model ? string.Empty : tile.ModelSha256 + tile.Model;
        (string, string) origin = grouping == SheetGrouping.Layer ? (model, tile.Layer) : (string.Empty, string.Empty);
        if (!_byOrigin.TryGetValue(origin, out PlannedSheet? sheet))
        {
            sheet = plan(tile);
            _byOrigin.Add(origin, sheet);
            _all.Add(sheet);
        }

        return sheet;
    }
}
