using CnnViz.Showing.Drawing;

namespace CnnViz.Showing.Sheets;

/// <summary>How a sheet looks.</summary>
public sealed record SheetOptions
{
    /// <summary>Which pictures are together.</summary>
    public SheetGrouping Grouping { get; init; }

    /// <summary>What the pictures of a row differ in; null for rows that are filled one after the other.</summary>
    public SheetComparison? Comparison { get; init; }

    /// <summary>Pictures beside each other; null for as many as give the sheet a pleasant shape.</summary>
    public int? Columns { get; init; }

    /// <summary>Height and width of the place of each picture in pixels; null for those of the largest picture.</summary>
    public (int Height, int Width)? TileSize { get; init; }

    /// <summary>Pixels between two pictures; null for a share of the tile's width. Around the sheet there is twice as much.</summary>
    public int? Margin { get; init; }

    /// <summary>The colour behind the pictures. That of the text follows from it.</summary>
    public RgbColour Background { get; init; } = RgbColour.White;

    /// <summary>
    /// What stands under each picture, with the placeholders of file names. A line break begins the next line, and what is behind a tab
    /// stands at the right. Empty for nothing; null for what fits the picture.
    /// </summary>
    public string? Label { get; init; }
}
