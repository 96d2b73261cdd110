namespace CnnViz.Showing.Atlas.Data;

/// <summary>The file atlas.json: what the atlas is of.</summary>
internal sealed record AtlasDocument
{
    /// <summary>The version of the files that this program writes, and the only one that it reads.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    /// <summary>The title that was given; null for the model's name.</summary>
    public string? Title { get; init; }

    public required AtlasModel Model { get; init; }

    public required IReadOnlyList<AtlasLayer> Layers { get; init; }
}
