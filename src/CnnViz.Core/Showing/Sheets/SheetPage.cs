using CnnViz.Pictures;
using CnnViz.Showing.Drawing;
using CnnViz.Showing.Drawing.Text;

namespace CnnViz.Showing.Sheets;

/// <summary>A sheet of pictures, ready to be drawn and written.</summary>
public sealed class SheetPage
{
    // JPEG files keep text in a segment of 64 kB.
    private const int JpegTextLimit = 60_000;

    private readonly IReadOnlyList<SheetTile?> _places;
    private readonly SheetTile[] _tiles;
    private readonly IReadOnlyList<string> _heads;
    private readonly SheetGrid _grid;
    private readonly SheetOptions _options;
    private readonly int _columns;
    private readonly int _rows;
    private readonly string _heading;

    /// <param name="places">The pictures row by row, null where a place is empty.</param>
    /// <param name="grid">Where they are.</param>
    /// <param name="options">How the sheet looks.</param>
    /// <param name="number">Number of the page, or null.</param>
    /// <param name="heads">What stands above the columns, or null.</param>
    internal SheetPage(IReadOnlyList<SheetTile?> places, SheetGrid grid, SheetOptions options, int? number, IReadOnlyList<string>? heads = null)
    {
        (_places, _grid, _options, Number, _heads) = (places, grid, options, number, heads ?? []);
        _tiles = [.. places.OfType<SheetTile>()];
        _columns = grid.ColumnsFor(places.Count);
        _rows = (places.Count + _columns - 1) / _columns;
        (string models, string layers) = (Join(tile => tile.Model), Join(tile => tile.Layer));
        Title = $"{models} {layers}";
        _heading = $"{models} · {layers}";
    }

    /// <summary>Number of the page, from 1; null where there is one only.</summary>
    public int? Number { get; }

    /// <summary>Model and layer.</summary>
    public string Title { get; }

    /// <summary>Number of pictures.</summary>
    public int Count => _tiles.Length;

    /// <summary>Draws the sheet and writes it, whole or not at all; makes the folder if need be.</summary>
    /// <param name="path">Full path of the file; one that is there is replaced.</param>
    /// <param name="format">Format of the file.</param>
    /// <param name="quality">1…100 for the formats that lose something; null for their default.</param>
    /// <param name="cancellation">Checked at every picture, and before the file is written.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; there is no file then.</exception>
    public void Write(string path, PictureFormat format, int? quality, CancellationToken cancellation = default)
    {
        PictureBytes picture = Draw(cancellation).ToPicture();
        cancellation.ThrowIfCancellationRequested();
        ImageFile.Write(picture, path, format, quality, Facts(format), cancellation);
    }

    /// <summary>Whether the file that would be written is there already, the same to the byte.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="format">Format of the file.</param>
    /// <param name="quality">1…100 for the formats that lose something; null for their default.</param>
    /// <param name="cancellation">Checked at every picture, and at every piece of the file.</param>
    /// <exception cref="CnnVizException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public bool IsIn(string path, PictureFormat format, int? quality, CancellationToken cancellation = default) => WholeFile.Has(
        path, stream => stream.Write(ImageFile.ToFile(Draw(cancellation).ToPicture(), format, quality, Facts(format))), cancellation);

    internal PictureFacts Facts(PictureFormat format)
    {
        PictureFacts all = FactsWith([.. _tiles.Select(FactsOf)]);
        return format == PictureFormat.Jpeg && all.Json.Length > JpegTextLimit ? FactsWith(null) : all;
    }

    internal Canvas Draw(CancellationToken cancellation = default)
    {
        RgbColour ink = _options.Background.Text;
        RgbColour quiet = _options.Background.QuietText;
        int gridWidth = _grid.WidthOf(_columns);
        string count = (_tiles.Length == 1 ? "1 picture" : $"{_tiles.Length} pictures") + (Number is null ? string.Empty : $", page {Number}");

        // A narrow grid is not to cut its title off, unless that is very long.
        float countWidth = _grid.SubHeading.WidthOf(count);
        float headingWidth = Math.Min(_grid.Heading.WidthOf(_heading), 40 * _grid.Strong.Size);
        int width = Math.Max(gridWidth, (int)MathF.Ceiling(headingWidth) + 2 * _grid.Edge);
        var canvas = new Canvas(_grid.HeightOf(_rows), width, _options.Background);

        float baseline = _grid.Edge + _grid.Heading.Ascent;
        float space = width - 2 * _grid.Edge;
        bool hasCount = headingWidth + countWidth + _grid.Heading.Size <= space;
        string title = _grid.Heading.Shorten(_heading, hasCount ? space - countWidth - _grid.Heading.Size : space);
        canvas.Write(title, _grid.Heading, _grid.Edge, baseline, ink);
        if (hasCount)
        {
            canvas.Write(count, _grid.SubHeading, width - _grid.Edge - countWidth, baseline, quiet);
        }

        string[] shortHeads = TextShortening.Shorten(_grid.Strong, [.. _heads.Select(head => (head, (float)_grid.TileWidth))]);
        for (int column = 0; column < shortHeads.Length; column++)
        {
            float line = _grid.Edge + _grid.HeaderHeight - _grid.ColumnHeadHeight + _grid.Strong.Ascent;
            canvas.Write(shortHeads[column], _grid.Strong, _grid.Edge + column * _grid.ColumnPitch, line, ink);
        }

        SheetLabelLine[][] labels = ShortenLabels();
        int drawn = 0;
        for (int i = 0; i < _places.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_places[i] is not { } tile)
            {
                continue;
            }

            int top = _grid.Edge + _grid.HeaderHeight + i / _columns * _grid.RowPitch;
            int left = _grid.Edge + i % _columns * _grid.ColumnPitch;
            DrawTile(canvas, tile, top, left);
            DrawLabel(canvas, labels[drawn++], top + _grid.TileHeight + _grid.LabelGap, left, ink, quiet);
        }

        return canvas;
    }

    private void DrawTile(Canvas canvas, SheetTile tile, int top, int left)
    {
        if (tile.HasSignal)
        {
            (byte[] pixels, int height, int width) = tile.Fit(_grid.TileHeight, _grid.TileWidth);
            canvas.Put(pixels, top + (_grid.TileHeight - height) / 2, left + (_grid.TileWidth - width) / 2, height, width);
            return;
        }

        // No grey picture that could be taken for a result: a frame with the reason in it.
        RgbColour ink = _options.Background.Text;
        canvas.Fill(top, left, _grid.TileHeight, _grid.TileWidth, RgbColour.Mix(_options.Background, ink, 0.35));
        canvas.Fill(top + 1, left + 1, _grid.TileHeight - 2, _grid.TileWidth - 2, RgbColour.Mix(_options.Background, ink, 0.04));
        float middle = top + _grid.TileHeight / 2f;
        DrawCentred(canvas, "no signal", _grid.Strong, left, middle - _grid.LineHeight * 0.15f, ink);
        DrawCentred(canvas, tile.Status.ToString()!, _grid.Quiet, left, middle + _grid.LineHeight * 0.85f, _options.Background.QuietText);
    }

    private void DrawCentred(Canvas canvas, string text, TextStyle style, int left, float baseline, RgbColour colour)
    {
        string shown = style.Shorten(text, _grid.TileWidth - 4);
        canvas.Write(shown, style, left + (_grid.TileWidth - style.WidthOf(shown)) / 2, baseline, colour);
    }

    private void DrawLabel(Canvas canvas, IReadOnlyList<SheetLabelLine> lines, int top, int left, RgbColour ink, RgbColour quiet)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            TextStyle style = StyleOf(i);
            float baseline = top + i * _grid.LineHeight + style.Ascent;
            canvas.Write(lines[i].Left, style, left, baseline, i == 0 ? ink : quiet);
            canvas.Write(lines[i].Right, _grid.Quiet, left + _grid.TileWidth - _grid.Quiet.WidthOf(lines[i].Right), baseline, quiet);
        }
    }

    private TextStyle StyleOf(int line) => line == 0 ? _grid.Strong : _grid.Quiet;

    // The labels as they fit their places, line by line, so that names that differ still do.
    internal SheetLabelLine[][] ShortenLabels()
    {
        SheetLabelLine[][] labels = [.. _tiles.Select(tile => tile.Label.ToArray())];
        for (int line = 0; line < labels.Max(label => label.Length); line++)
        {
            int[] tiles = [.. Enumerable.Range(0, labels.Length).Where(i => line < labels[i].Length)];
            string[] rights = [.. tiles.Select(i => _grid.Quiet.Shorten(labels[i][line].Right, _grid.TileWidth))];
            string[] lefts = TextShortening.Shorten(StyleOf(line), [.. tiles.Zip(rights, (i, right) => (labels[i][line].Left, SpaceBeside(right)))]);
            for (int i = 0; i < tiles.Length; i++)
            {
                labels[tiles[i]][line] = new SheetLabelLine(lefts[i], rights[i]);
            }
        }

        return labels;
    }

    private float SpaceBeside(string right) => _grid.TileWidth - (right.Length == 0 ? 0 : _grid.Quiet.WidthOf(right) + _grid.Quiet.Size * 0.5f);

    private PictureFacts FactsWith(IReadOnlyList<object>? pictures) => new(
        Title,
        new Dictionary<string, object?>
        {
            ["title"] = Title,
            ["models"] = _tiles.Select(tile => (tile.Model, tile.ModelSha256)).Distinct()
                .Select(model => new { Name = model.Model, Sha256 = model.ModelSha256 }),
            ["layers"] = _tiles.Select(tile => tile.Layer).Distinct(),
            ["page"] = Number,
            ["columns"] = _columns,
            ["compared"] = _options.Comparison?.ToString(),
            ["tileHeight"] = _grid.TileHeight,
            ["tileWidth"] = _grid.TileWidth,
            ["count"] = _tiles.Length,
            ["pictures"] = pictures,
        });

    private object FactsOf(SheetTile tile)
    {
        var facts = new Dictionary<string, object?> { ["layer"] = tile.Layer };
        if (_options.Comparison == SheetComparison.Model)
        {
            facts["model"] = tile.Model;
        }

        foreach (string name in new[] { "Objective", "Filter", "ClassName", "Rank", "Image", "Recipe", "Seed" })
        {
            if (tile.Names.TryGetValue(name, out object? value) && value is not "")
            {
                facts[char.ToLowerInvariant(name[0]) + name[1..]] = value;
            }
        }

        // JSON has no infinities.
        facts["activation"] = tile.Names["Activation"] is float activation && float.IsFinite(activation) ? activation : null;
        if (tile.Status is { } status)
        {
            facts["status"] = status.ToString();
        }

        return facts;
    }

    private string Join(Func<SheetTile, string> name) => string.Join(", ", _tiles.Select(name).Distinct());
}
