using CnnViz.Showing.Drawing.Text;

namespace CnnViz.Showing.Sheets;

/// <summary>Where everything is on a sheet. All lengths are in pixels.</summary>
internal sealed class SheetGrid
{
    /// <summary>A sheet has no more pixels than this.</summary>
    public const int MaxPixels = 64_000_000;

    /// <summary>No side is longer; WebP files end at 16,383.</summary>
    public const int MaxSide = 16_000;

    // What a screen and a page across have about in common.
    private const double PleasantRatio = 1.4;
    private const double EmptyWeight = 2;
    private const int MinTileSide = 96;

    private readonly SheetOptions _options;

    /// <param name="options">How the sheet looks.</param>
    /// <param name="height">Height of the largest picture.</param>
    /// <param name="width">Width of the largest picture.</param>
    /// <param name="labelLines">Lines of the longest label.</param>
    public SheetGrid(SheetOptions options, int height, int width, int labelLines)
    {
        _options = options;
        int times = Math.Max(1, (MinTileSide + Math.Max(height, width) - 1) / Math.Max(height, width));
        (TileHeight, TileWidth) = options.TileSize ?? (height * times, width * times);
        Gap = options.Margin ?? Math.Clamp(TileWidth / 12, 8, 32);
        int size = Math.Clamp(6 + TileWidth / 20, 10, 24);
        Strong = new TextStyle(Typeface.SemiBold, size);
        Quiet = new TextStyle(Typeface.Regular, size);
        Heading = new TextStyle(Typeface.SemiBold, MathF.Round(size * 1.5f));
        SubHeading = new TextStyle(Typeface.Regular, MathF.Round(size * 1.1f));
        LineHeight = (int)MathF.Ceiling(size * 1.35f);
        LabelGap = Math.Max(2, size / 3);
        LabelHeight = labelLines == 0 ? 0 : LabelGap + labelLines * LineHeight;
        ColumnHeadHeight = options.Comparison is null ? 0 : LineHeight + LabelGap;
        HeaderHeight = (int)MathF.Ceiling(Heading.LineHeight) + Math.Max(Gap, size / 2) + ColumnHeadHeight;

        // A seamless grid still needs air around its title.
        Edge = Math.Max(Gap * 2, size / 2);
    }

    public int TileHeight { get; }

    public int TileWidth { get; }

    /// <summary>Between two pictures.</summary>
    public int Gap { get; }

    /// <summary>Around the sheet.</summary>
    public int Edge { get; }

    public int LabelGap { get; }

    public int LabelHeight { get; }

    public int LineHeight { get; }

    /// <summary>What is above the first row.</summary>
    public int HeaderHeight { get; }

    /// <summary>The part of that for what stands above each column; 0 where nothing does.</summary>
    public int ColumnHeadHeight { get; }

    public TextStyle Heading { get; }

    public TextStyle SubHeading { get; }

    public TextStyle Strong { get; }

    public TextStyle Quiet { get; }

    /// <summary>From one picture to the next one in a row.</summary>
    public int ColumnPitch => TileWidth + Gap;

    /// <summary>From one picture to the one below.</summary>
    public int RowPitch => TileHeight + LabelHeight + Gap;

    /// <summary>How many pictures a sheet takes.</summary>
    /// <exception cref="CnnVizException">Not even one row fits.</exception>
    public int Capacity
    {
        get
        {
            int columns = _options.Columns ?? Math.Clamp((int)(Math.Sqrt(MaxPixels * PleasantRatio) / ColumnPitch), 1, WidestColumns);
            int rows = RowsOf(columns);
            return columns <= WidestColumns && rows > 0 ? columns * rows : throw TooLarge();
        }
    }

    private int WidestColumns => Math.Max(0, (MaxSide - 2 * Edge + Gap) / ColumnPitch);

    /// <summary>How many pictures are beside each other.</summary>
    /// <param name="count">How many there are, at most <see cref="Capacity"/>.</param>
    public int ColumnsFor(int count)
    {
        if (_options.Columns is { } columns)
        {
            return Math.Min(columns, count);
        }

        // Away from the pleasant shape, and places that stay empty, are both a little ugly.
        double Ugliness(int columns)
        {
            int rows = (count + columns - 1) / columns;
            return Math.Abs(Math.Log((double)WidthOf(columns) / HeightOf(rows) / PleasantRatio)) + EmptyWeight * (1 - (double)count / (rows * columns));
        }

        return Enumerable.Range(1, Math.Min(count, WidestColumns))
            .Where(columns => (count + columns - 1) / columns <= RowsOf(columns))
            .MinBy(Ugliness);
    }

    public int WidthOf(int columns) => 2 * Edge + columns * ColumnPitch - Gap;

    public int HeightOf(int rows) => 2 * Edge + HeaderHeight + rows * RowPitch - Gap;

    private int RowsOf(int columns) =>
        (Math.Min(MaxSide, MaxPixels / Math.Max(1, WidthOf(columns))) - 2 * Edge - HeaderHeight + Gap) / RowPitch;

    private CnnVizException TooLarge() => new(
        "SheetTooLarge",
        $"A row of {_options.Columns ?? 1} pictures of {TileHeight}×{TileWidth} pixels makes a sheet of more than {MaxSide:N0} pixels a side or {MaxPixels / 1_000_000} megapixels.",
        "Choose fewer -Columns or a smaller -TileSize.");
}
