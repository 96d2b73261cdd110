using CnnViz.Showing.Atlas.Pages;

namespace CnnViz.Showing.Atlas.Comparison;

/// <summary>Makes of what atlases know the pages that show their models side by side.</summary>
/// <param name="models">The models.</param>
/// <param name="groups">What they have in common.</param>
/// <param name="title">The title that was given; null for the models' names.</param>
/// <param name="root">The way from the page's folder to the comparison's: empty, or such as <c>../../</c>.</param>
internal sealed class ComparedPages(IReadOnlyList<ComparedModel> models, IReadOnlyList<ComparedGroup> groups, string? title, string root)
{
    private const int StripLength = 14;

    private readonly AtlasPages[] _pages = [.. models.Select(model => new AtlasPages(model.Contents, LinksOf(model, root)))];

    private string SiteTitle => title ?? string.Join(", ", models.Select(model => model.Label));

    public PageView Index()
    {
        var view = new ComparedIndexView(
            SiteTitle,
            groups.Count == 0
                ? $"{Figures.Count(models.Count, "model")}. They have no filters in common: no layer's name, and no class's."
                : $"{Figures.Count(models.Count, "model")} side by side, on {Figures.Count(groups.Count, "page")}.",
            [.. models.Select((model, i) => new ComparedModelView(model.Label, LinksOf(model, root).Index, _pages[i].ModelFacts()))],
            [.. groups.Select(Group)]);
        return Page("compared", SiteTitle, "compared-index", view);

        ComparedGroupView Group(ComparedGroup group) => new(
            HrefOf(group),
            group.Title,
            CountOf(group),
            [.. models.Select((model, i) => new ComparedStripView(
                model.Label,
                [.. group.Rows.Take(StripLength).Select(row => row.Cells[i]).OfType<ComparedFilter>().Select(cell => _pages[i].Tile(cell.Layer, cell.Filter))]))]);
    }

    public PageView Group(ComparedGroup group)
    {
        var view = new ComparedTableView(
            group.Title,
            group.IsLayer,
            CountOf(group),
            [.. models.Select(model => new ComparedColumnView(
                model.Label, group.IsLayer && model.Contents.Find(group.Title) is { Entries.Count: > 0 } layer ? LinksOf(model, root).To(layer) : LinksOf(model, root).Index))],
            [.. group.Rows.Select(row => new ComparedRowView(row.First.Title, row.First.ClassName, [.. row.Cells.Select(Cell)]))]);
        int place = Enumerable.Range(0, groups.Count).First(i => groups[i] == group);
        return Page(group.Folder, $"{group.Title} – {SiteTitle}", "compared-table", view) with
        {
            Up = new LinkView("All models", $"{root}index.html"),
            Previous = place > 0 ? new LinkView(groups[place - 1].Title, HrefOf(groups[place - 1])) : null,
            Next = place < groups.Count - 1 ? new LinkView(groups[place + 1].Title, HrefOf(groups[place + 1])) : null,
        };
    }

    private ComparedCellView Cell(ComparedFilter? cell, int model)
    {
        if (cell is null)
        {
            return new ComparedCellView(null, null, null, "not in this atlas");
        }

        TileView tile = _pages[model].Tile(cell.Layer, cell.Filter);
        PictureView? picture = tile.Src is null ? null : _pages[model].Picture(cell.Layer, cell.Filter, cell.Filter.Main!);
        return new ComparedCellView(tile.Href, picture, tile.Figure, tile.Status);
    }

    private string HrefOf(ComparedGroup group) => $"{root}{group.Folder}/index.html";

    private static string CountOf(ComparedGroup group)
    {
        string count = Figures.Count(group.Rows.Count, group.IsLayer ? "filter" : "row");
        int shared = group.Rows.Count(row => row.Cells.Count(cell => cell is not null) > 1);
        return shared == group.Rows.Count ? count : $"{count}, {Figures.Text(shared)} of them in several models";
    }

    private static FolderLinks LinksOf(ComparedModel model, string root) => new($"{root}{model.Folder}/");

    private PageView Page(string id, string pageTitle, string template, object content) => new()
    {
        Id = id,
        Title = pageTitle,
        SiteTitle = SiteTitle,
        IndexHref = $"{root}index.html",
        Template = template,
        Content = content,
        Version = AtlasPages.Version,
    };
}
