namespace CnnViz.Showing.Sheets;

/// <summary>
/// Pictures in columns, one for each model, recipe or seed, and in rows of what is the same but for that. Both are in the order in which they first
/// came. A place for which there is no picture stays empty.
/// </summary>
internal sealed class ComparedTiles
{
    // What tells the rows apart. An activation, and what it follows from, may differ in a row.
    private static readonly string[] s_rowNames = ["Layer", "Objective", "Filter", "Rank", "Image", "Number"];

    private readonly List<(string Key, string Head)> _columns = [];
    private readonly List<(string Key, Dictionary<string, SheetTile> Tiles)> _rows = [];

    /// <summary>Arranges pictures.</summary>
    /// <param name="tiles">The pictures.</param>
    /// <param name="comparison">What the columns are.</param>
    public ComparedTiles(IEnumerable<SheetTile> tiles, SheetComparison comparison)
    {
        foreach (SheetTile tile in tiles)
        {
            string head = comparison == SheetComparison.Model ? tile.Model : Text(tile, comparison.ToString());
            string column = comparison == SheetComparison.Model ? tile.Model + tile.ModelSha256 : head;
            if (!_columns.Any(known => known.Key == column))
            {
                _columns.Add((column, head));
            }

            Place(tile, column, comparison);
        }
    }

    /// <summary>What stands above the columns; different models of one name have the beginning of their SHA-256 behind it.</summary>
    public IReadOnlyList<string> Heads =>
        [.. _columns.Select(column => _columns.Count(other => other.Head == column.Head) == 1 ? column.Head : $"{column.Head} ({column.Key[column.Head.Length..][..8]})")];

    /// <summary>The pictures row by row, null where there is none.</summary>
    public IReadOnlyList<SheetTile?> Places =>
        [.. _rows.SelectMany(row => _columns.Select(column => row.Tiles.GetValueOrDefault(column.Key)))];

    // A second picture of the same place begins a row of its own, so that none is lost.
    private void Place(SheetTile tile, string column, SheetComparison comparison)
    {
        string[] others = [.. Enum.GetNames<SheetComparison>().Where(name => name != comparison.ToString())];
        string key = string.Join('\n', s_rowNames.Concat(others).Select(name => name == "Model" ? tile.ModelSha256 : Text(tile, name)));
        Dictionary<string, SheetTile>? row = _rows.FirstOrDefault(known => known.Key == key && !known.Tiles.ContainsKey(column)).Tiles;
        if (row is null)
        {
            row = [];
            _rows.Add((key, row));
        }

        row.Add(column, tile);
    }

    private static string Text(SheetTile tile, string name) => tile.Names.TryGetValue(name, out object? value) ? $"{value}" : string.Empty;
}
