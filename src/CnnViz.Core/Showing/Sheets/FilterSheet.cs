namespace CnnViz.Showing.Sheets;

/// <summary>
/// Pictures that are together on a sheet, in the order in which they come. Where there are too many for one, a page is put out as soon as it
/// is full. Pictures are kept in 8 bits, no larger than they will be shown.
/// </summary>
/// <param name="options">How the sheet looks.</param>
public sealed class FilterSheet(SheetOptions options)
{
    private List<SheetTile> _tiles = [];
    private int _height;
    private int _width;
    private int _lines;
    private int _pages;

    /// <summary>Adds a picture.</summary>
    /// <param name="tile">The picture.</param>
    /// <returns>The page that was full before it; null where there was still room.</returns>
    /// <exception cref="CnnVizException">One row of such pictures is larger than a sheet may be.</exception>
    public SheetPage? Add(SheetTile tile)
    {
        if (options.Comparison is not null)
        {
            _tiles.Add(tile);
            return null;
        }

        (int height, int width) = (Math.Max(_height, tile.Height), Math.Max(_width, tile.Width));
        int lines = Math.Max(_lines, tile.Label.Count);
        int capacity = new SheetGrid(options, height, width, lines).Capacity;
        SheetPage? full = _tiles.Count >= capacity ? TakePage() : null;
        (_height, _width, _lines) = (height, width, lines);
        _tiles.Add(tile);
        return full;
    }

    /// <summary>The page with what is left, none where nothing is; all pages of a sheet that compares.</summary>
    /// <exception cref="CnnVizException">One row of such pictures is larger than a sheet may be.</exception>
    public IEnumerable<SheetPage> Finish() => _tiles.Count == 0 ? []
        : options.Comparison is { } comparison ? Compare(new ComparedTiles(_tiles, comparison))
        : [TakePage(isLast: true)];

    private IEnumerable<SheetPage> Compare(ComparedTiles compared)
    {
        IReadOnlyList<SheetTile?> places = compared.Places;
        var grid = new SheetGrid(
            options with { Columns = compared.Heads.Count },
            _tiles.Max(tile => tile.Height),
            _tiles.Max(tile => tile.Width),
            _tiles.Max(tile => tile.Label.Count));
        SheetTile?[][] pages = [.. places.Chunk(grid.Capacity)];
        return pages.Select((page, i) => new SheetPage(page, grid, options, pages.Length == 1 ? null : i + 1, compared.Heads));
    }

    private SheetPage TakePage(bool isLast = false)
    {
        List<SheetTile> tiles = _tiles;
        _tiles = [];
        _pages++;
        return new SheetPage(tiles, new SheetGrid(options, _height, _width, _lines), options, isLast && _pages == 1 ? null : _pages);
    }
}
