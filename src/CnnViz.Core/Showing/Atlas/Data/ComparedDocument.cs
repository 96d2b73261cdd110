namespace CnnViz.Showing.Atlas.Data;

/// <summary>The file atlases.json of a folder that compares models: which models, in the order of their columns.</summary>
internal sealed record ComparedDocument
{
    /// <summary>The version of the files that this program writes, and the only one that it reads.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    /// <summary>The title that was given; null for the models' names.</summary>
    public string? Title { get; init; }

    /// <summary>SHA-256 of the models' files. Their atlases say which is whose.</summary>
    public required IReadOnlyList<string> Models { get; init; }
}
