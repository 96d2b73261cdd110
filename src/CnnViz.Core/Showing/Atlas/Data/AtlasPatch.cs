using CnnViz.Activations;

namespace CnnViz.Showing.Atlas.Data;

/// <summary>The facts of a part of an image that fires a filter. Its pixels are a file of the atlas.</summary>
internal sealed record AtlasPatch
{
    /// <summary>1 for the image with the largest maximum of all.</summary>
    public required int Rank { get; init; }

    /// <summary>File name of the image.</summary>
    public required string Image { get; init; }

    /// <summary>Largest value of the filter's map; null where it is no number.</summary>
    public float? Max { get; init; }

    public required int Height { get; init; }

    public required int Width { get; init; }

    public static AtlasPatch Of(FilterPatch patch) => new()
    {
        Rank = patch.Rank,
        Image = Path.GetFileName(patch.Path),
        Max = float.IsFinite(patch.Max) ? patch.Max : null,
        Height = patch.Height,
        Width = patch.Width,
    };
}
