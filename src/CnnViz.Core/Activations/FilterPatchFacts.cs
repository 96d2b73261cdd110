using CnnViz.Pictures;

namespace CnnViz.Activations;

/// <summary>
/// What the file of an image's part says about it. The members, in their order, are those of the JSON object, for writing as for reading.
/// </summary>
internal sealed record FilterPatchFacts
{
    public required string Model { get; init; }

    public required string ModelSha256 { get; init; }

    public required string Layer { get; init; }

    public required int Filter { get; init; }

    public string? ClassName { get; init; }

    public required int Rank { get; init; }

    /// <summary>Name of the image's file.</summary>
    public string? Image { get; init; }

    // JSON has no infinities: null is what is no number.
    public float? Mean { get; init; }

    public float? Max { get; init; }

    /// <summary>Row and column; null for a dense layer.</summary>
    public IReadOnlyList<int>? Position { get; init; }

    public int Top { get; init; }

    public int Left { get; init; }

    public int Height { get; init; }

    public int Width { get; init; }

    public string? Version { get; init; }

    /// <summary>The facts of a part in memory.</summary>
    public static FilterPatchFacts Of(FilterPatch patch) => new()
    {
        Model = patch.Model,
        ModelSha256 = patch.ModelSha256,
        Layer = patch.Layer,
        Filter = patch.Filter,
        ClassName = patch.ClassName,
        Rank = patch.Rank,
        Image = Path.GetFileName(patch.Path),
        Mean = float.IsFinite(patch.Mean) ? patch.Mean : null,
        Max = float.IsFinite(patch.Max) ? patch.Max : null,
        Position = patch.Position is { } position ? [position.Row, position.Column] : null,
        Top = patch.Patch.Top,
        Left = patch.Patch.Left,
        Height = patch.Height,
        Width = patch.Width,
        Version = FactsText.Version,
    };

    /// <summary>What the file of the part says.</summary>
    public PictureFacts ToPictureFacts() =>
        new($"{FactsText.TitleOf(Model, Layer, Filter, ClassName)}: number {Rank}, from {Image}", FactsText.Write(this));
}
