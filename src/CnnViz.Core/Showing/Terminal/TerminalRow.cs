using System.Text;

namespace CnnViz.Showing.Terminal;

/// <summary>Pictures side by side in a terminal, each with a line below it.</summary>
/// <param name="window">The window.</param>
/// <param name="width">Cells of a picture; null for as many as fill the window with pictures of a readable size.</param>
internal sealed class TerminalRow(TerminalWindow window, int? width)
{
    // Cells between two pictures.
    private const int Gap = 2;

    // A picture of fewer cells shows little where a cell is two pixels.
    private const int LeastWidth = 32;

    // Lines below a picture: its caption, and the next prompt.
    private const int LinesBelow = 2;

    private readonly List<(RgbPicture Picture, TerminalCaption Caption)> _items = [];

    /// <summary>Pictures that have their place in a row.</summary>
    public int Capacity { get; } = Math.Max(1, (window.Columns + Gap) / (Math.Clamp(width ?? LeastWidth, 1, window.Columns) + Gap));

    /// <summary>Cells of a picture's place.</summary>
    public int Width => Math.Clamp(width ?? (window.Columns + Gap) / Capacity - Gap, 1, window.Columns);

    /// <summary>Pictures in the row.</summary>
    public int Count => _items.Count;

    /// <summary>Whether there is no place left.</summary>
    public bool IsFull => Count >= Capacity;

    /// <summary>Adds a picture.</summary>
    public void Add(RgbPicture picture, TerminalCaption caption) => _items.Add((picture, caption));

    /// <summary>Draws what is in the row in half blocks, and empties it.</summary>
    /// <param name="measure">Cells that a text takes.</param>
    /// <returns>Lines, each with its end.</returns>
    public string DrawBlocks(Func<string, int> measure)
    {
        // A picture that was asked for by its width may be scrolled.
        int height = width is null ? RowsAtMost * window.CellHeight : int.MaxValue;
        (string[] Lines, int Width)[] drawn =
            [.. _items.Select(item => Fit(item.Picture, height)).Select(picture => (HalfBlocks.Encode(picture), picture.Width))];
        var text = new StringBuilder();
        for (int row = 0; row < drawn.Max(item => item.Lines.Length); row++)
        {
            text.AppendJoin(new string(' ', Gap), drawn.Select(item =>
                (row < item.Lines.Length ? item.Lines[row] : new string(' ', item.Width)) + new string(' ', Width - item.Width)));
            text.Append('\n');
        }

        return text.Append(TakeCaptions(measure)).ToString();
    }

    /// <summary>Draws what is in the row in Sixel graphics, and empties it.</summary>
    /// <param name="measure">Cells that a text takes.</param>
    /// <returns>Graphics and lines. The cursor is at the beginning of a line in the end.</returns>
    public string DrawSixel(Func<string, int> measure)
    {
        // Terminals may fill up the last band, which must not go beyond the last row.
        int height = RowsAtMost * window.CellHeight / SixelEncoder.BandHeight * SixelEncoder.BandHeight;
        RgbPicture[] pictures = [.. _items.Select(item => Fit(item.Picture, height))];
        int rows = pictures.Max(Rows);

        // Terminals differ in where a picture leaves the cursor. So room is made for it first, which nothing scrolls away then; and each begins
        // where the cursor has been brought back to.
        var text = new StringBuilder().Append('\n', rows).Append($"\u001b[{rows}A");
        for (int i = 0; i < pictures.Length; i++)
        {
            text.Append(i == 0 ? string.Empty : $"\u001b[{Width + Gap}C")
                .Append("\u001b7")
                .Append(SixelEncoder.Encode(IndexedPicture.Of(pictures[i])))
                .Append("\u001b8");
        }

        return text.Append($"\r\u001b[{rows}B").Append(TakeCaptions(measure)).ToString();
    }

    private int RowsAtMost => Math.Max(1, window.Rows - LinesBelow);

    // The picture at the size of its place, its pixels square.
    private RgbPicture Fit(RgbPicture picture, int height)
    {
        double scale = Math.Min((double)Width * window.CellWidth / picture.Width, (double)Math.Max(1, height) / picture.Height);
        return Resampling.Resize(
            picture,
            Math.Max(1, (int)Math.Round(picture.Width * scale)),
            Math.Max(1, (int)Math.Round(picture.Height * scale)));
    }

    private int Rows(RgbPicture picture)
    {
        int bands = (picture.Height + SixelEncoder.BandHeight - 1) / SixelEncoder.BandHeight;
        return (bands * SixelEncoder.BandHeight + window.CellHeight - 1) / window.CellHeight;
    }

    private string TakeCaptions(Func<string, int> measure)
    {
        string[] captions = [.. _items.Select(item => item.Caption.Fit(Width, measure))];
        _items.Clear();
        return string.Join(
            new string(' ', Gap), captions.Select(caption => caption + new string(' ', Math.Max(0, Width - measure(caption))))).TrimEnd() + "\n";
    }
}
