using CnnViz.Ascent;
using CnnViz.Quality;
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

    /// <summary>Figures of pictures, by which their verdicts are shown.</summary>
    public IReadOnlyList<FilterImageQuality> Qualities { get; init; } = [];

    /// <summary>
    /// What stands under each picture, with the placeholders of file names. A line break begins the next line, and what is behind a tab
    /// stands at the right. Empty for nothing; null for what fits the picture.
    /// </summary>
    public string? Label { get; init; }

    /// <summary>The verdict on a picture; null where none of the figures is of it.</summary>
    internal PictureVerdict? VerdictOf(FilterImage image) => Qualities.FirstOrDefault(quality => IsOf(quality, image))?.Verdict;

    private static bool IsOf(FilterImageQuality quality, FilterImage image) =>
        (quality.ModelSha256, quality.Layer, quality.Filter, quality.Seed, quality.Recipe, quality.Minimized)
        == (image.ModelSha256, image.Layer, image.Filter, image.Seed, image.Recipe.Name, image.Minimized);
}
