namespace CnnViz.Showing.Atlas.Pages;

/// <summary>A link and its text.</summary>
internal sealed record LinkView(string Text, string Href);

/// <summary>A fact and its value.</summary>
internal sealed record FactView(string Name, string Value, bool IsCode = false);

/// <summary>A filter as one of many.</summary>
/// <param name="Href">Its page.</param>
/// <param name="Src">Its thumbnail; null where it has no picture that shows something.</param>
/// <param name="Alt">What the thumbnail is of.</param>
/// <param name="Height">Height of the thumbnail in pixels.</param>
/// <param name="Width">Width of the thumbnail in pixels.</param>
/// <param name="Label">Its number, or its objective.</param>
/// <param name="Note">A line beneath, such as its class; or null.</param>
/// <param name="Figure">Its activation; or null.</param>
/// <param name="Status">Why there is no thumbnail, in a word or two; null where there is one.</param>
internal sealed record TileView(
    string Href, string? Src, string Alt, int Height, int Width, string Label, string? Note, string? Figure, string? Status);

/// <summary>The map of a model.</summary>
internal sealed record IndexView(string Title, string Summary, IReadOnlyList<FactView> Facts, IReadOnlyList<LayerRowView> Layers, bool HasReach);

/// <summary>A layer of the map.</summary>
/// <param name="Href">Its page; null where none of its filters is in the atlas.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it does; or null.</param>
/// <param name="Shape">Shape of its output; or null.</param>
/// <param name="Field">Its receptive field; or null.</param>
/// <param name="Reach">Side of a square of 26 that is its receptive field's share of the image; or null.</param>
/// <param name="ReachOffset">Where that square begins.</param>
/// <param name="Count">How many of its filters have a picture.</param>
/// <param name="Tiles">The first of them.</param>
/// <param name="More">How many there are beside these.</param>
internal sealed record LayerRowView(
    string? Href,
    string Name,
    string? Kind,
    string? Shape,
    string? Field,
    string? Reach,
    string? ReachOffset,
    string Count,
    IReadOnlyList<TileView> Tiles,
    int More);

/// <summary>A layer with all its filters.</summary>
internal sealed record LayerView(string Title, string Summary, IReadOnlyList<FactView> Facts, IReadOnlyList<TileView> Tiles);

/// <summary>A filter.</summary>
internal sealed record FilterView
{
    public required string Title { get; init; }

    public required string Layer { get; init; }

    public required string LayerHref { get; init; }

    public string? ClassName { get; init; }

    public required string Position { get; init; }

    /// <summary>The picture that stands for it; null where there is none.</summary>
    public PictureView? Main { get; init; }

    public IReadOnlyList<PictureView> Others { get; init; } = [];

    public IReadOnlyList<PatchView> Patches { get; init; } = [];

    public IReadOnlyList<TileView> Similar { get; init; } = [];

    /// <summary>What it does on many photos.</summary>
    public IReadOnlyList<FactView> Statistics { get; init; } = [];

    /// <summary>Figures that belong to no picture here.</summary>
    public IReadOnlyList<FactView> Quality { get; init; } = [];
}

/// <summary>A picture with its facts.</summary>
internal sealed record PictureView
{
    /// <summary>Its address; null where it shows nothing.</summary>
    public string? Src { get; init; }

    public required string Alt { get; init; }

    public int Height { get; init; }

    public int Width { get; init; }

    /// <summary>Whether it is so small that its pixels are to be seen as they are.</summary>
    public bool IsSmall { get; init; }

    public required string Caption { get; init; }

    public required string Status { get; init; }

    /// <summary>Why it shows nothing; null where it shows something.</summary>
    public string? Reason { get; init; }

    public required IReadOnlyList<FactView> Facts { get; init; }

    public required IReadOnlyList<FactView> Numbers { get; init; }

    public required IReadOnlyList<FactView> Quality { get; init; }

    public CurveView? Curve { get; init; }
}

/// <summary>A part of an image.</summary>
internal sealed record PatchView(string Src, string Alt, int Height, int Width, string Caption, string Figure);
