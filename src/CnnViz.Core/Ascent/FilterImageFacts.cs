using System.Text.Json.Serialization;
using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// What the file of a filter's picture says about it. The members, in their order, are those of the JSON object, for writing as for reading.
/// </summary>
internal sealed record FilterImageFacts
{
    // What older versions did not write has no "required"; what is left out where it says nothing has a condition.
    public required string Model { get; init; }

    public required string ModelSha256 { get; init; }

    public string? Objective { get; init; }

    public required string Layer { get; init; }

    public required int? Filter { get; init; }

    public string? ClassName { get; init; }

    // JSON has no infinities: null is what is no number.
    public required float? Activation { get; init; }

    public required IReadOnlyList<float?> Activations { get; init; }

    public required AscentStatus Status { get; init; }

    public AscentRescue Rescue { get; init; }

    public bool Minimized { get; init; }

    public required long Seed { get; init; }

    public required string Recipe { get; init; }

    public required int Steps { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Tolerance { get; init; }

    public required ImageSettings Image { get; init; }

    public required ViewSettings Views { get; init; }

    public PenaltySettings Penalties { get; init; } = new();

    public required UpdateSettings Update { get; init; }

    public DreamSettings? Dream { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GridSettings? Grid { get; init; }

    public int Border { get; init; }

    public string? InitialImage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? InitialImageSha256 { get; init; }

    public string? Spectrum { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReferenceSettings? References { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InterpolationPlace? Interpolation { get; init; }

    public required string Preprocessing { get; init; }

    public required int Height { get; init; }

    public required int Width { get; init; }

    /// <summary>Channels of the picture; null for the three of RGB, where they are not all the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Channels { get; init; }

    /// <summary>Number of frames of an animation of the ascent; null for a picture that stands still.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Frames { get; init; }

    public string? Version { get; init; }

    /// <summary>The ascent as a text: what the picture follows from, without what came of it and without the names that people gave.</summary>
    [JsonIgnore]
    public string Ascent => FactsText.Write(this with
    {
        Model = string.Empty,
        Objective = Objective ?? $"{Layer}:{Filter}",
        ClassName = null,
        Activation = null,
        Activations = [],
        Status = default,
        Rescue = default,
        Recipe = string.Empty,
        InitialImage = null,
        Channels = null,
        Frames = null,
        Version = null,
    });

    /// <summary>The facts of a picture that is yet to be made, from noise unless more is said.</summary>
    /// <param name="objective">What is raised.</param>
    /// <param name="recipe">The numbers of the ascent, all of them known.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="minimize">Whether the activation goes down.</param>
    public static FilterImageFacts Planned(CnnObjective objective, Recipe recipe, long seed, bool minimize) => new()
    {
        Model = objective.Model.Name,
        ModelSha256 = objective.Model.Sha256,
        Objective = objective.ToString(),
        Layer = objective.LayerNames,
        Filter = objective.Filter?.Index,
        Activation = null,
        Activations = [],
        Status = default,
        Minimized = minimize,
        Seed = seed,
        Recipe = recipe.Name,
        Steps = recipe.Steps,
        Tolerance = recipe.Tolerance,
        Image = recipe.Image with { BorderPixels = null },
        Views = recipe.Views,
        Penalties = recipe.Penalties,
        References = recipe.References.ForFiles,
        Update = recipe.Update,
        Dream = recipe.Dream,
        Border = recipe.Image.BorderPixels ?? 0,
        Preprocessing = objective.Model.Preprocessing.ToString(),
        Height = recipe.Size!.Value.Height,
        Width = recipe.Size.Value.Width,
    };

    /// <summary>The facts of a picture in memory.</summary>
    /// <exception cref="ObjectDisposedException">The picture was disposed.</exception>
    public static FilterImageFacts Of(FilterImage image) => new()
    {
        Model = image.Model,
        ModelSha256 = image.ModelSha256,
        Objective = image.Objective,
        Layer = image.Layer,
        Filter = image.Filter,
        ClassName = image.ClassName,
        Activation = Finite(image.Activation),
        Activations = [.. image.Activations.Select(Finite)],
        Status = image.Status,
        Rescue = image.Rescue,
        Minimized = image.Minimized,
        Seed = image.Seed,
        Recipe = image.Recipe.Name,
        Steps = image.Recipe.Steps,
        Tolerance = image.Recipe.Tolerance,
        Image = image.Recipe.Image with { BorderPixels = null },
        Views = image.Recipe.Views,
        Penalties = image.Recipe.Penalties,
        References = image.Recipe.References.ForFiles,
        Update = image.Recipe.Update,
        Dream = image.Recipe.Dream,
        Grid = image.Grid,
        Border = image.Border,
        InitialImage = image.InitialImage is null ? null : Path.GetFileName(image.InitialImage),
        InitialImageSha256 = image.InitialImageSha256,
        Spectrum = image.Spectrum,
        Interpolation = image.Interpolation,
        Preprocessing = image.Preprocessing,
        Height = image.Height,
        Width = image.Width,
        Channels = IsPlain(image.Tensor) ? null : (int)image.Tensor.shape[0],
        Version = FactsText.Version,
    };

    /// <summary>What the file of the picture says.</summary>
    public PictureFacts ToPictureFacts()
    {
        string title = Filter is { } filter ? FactsText.TitleOf(Model, Layer, filter, ClassName) : $"{Model} {Objective}";
        return new PictureFacts(Dream is null ? title : $"{title}, dreamt into {InitialImage}", FactsText.Write(this));
    }

    /// <summary>
    /// The numbers of the ascent. Of the pictures of a spectrum, and of reference photos, there is no more than a text, so that who wants to repeat it is told that they
    /// are not there.
    /// </summary>
    public Recipe ToRecipe() => new()
    {
        Name = Recipe,
        Steps = Steps,
        Tolerance = Tolerance,
        Size = Dream is not null ? null : Grid is not null ? new PictureSize(Grid.TileHeight, Grid.TileWidth) : new PictureSize(Height, Width),
        UsualSide = null,
        Image = Image.WithBorder(Border),
        Views = Views,
        Penalties = Penalties,
        References = References ?? new(),
        Update = Update,
        Dream = Dream,
        Spectrum = Spectrum is null ? null : new PictureList([Spectrum]),
    };

    /// <summary>Whether it can be true of a picture.</summary>
    public bool IsPlausible() =>
        Model is not null && ModelSha256 is not null && Layer is not null && Preprocessing is not null && Recipe is not null
        && Activations is not null && Image is not null && Views is not null && Penalties is not null && Update is not null
        && Interpolation is not { IsPlausible: false }
        && (Filter is >= 0 || (Filter is null && Objective is not null))
        && Grid is null or { Rows: > 0, Columns: > 0, TileHeight: > 0, TileWidth: > 0 }
        && Steps >= 0 && Border >= 0 && Height > 0 && Width > 0 && Channels is null or > 0;

    // Files keep grey values in one channel, so that three equal ones must be told apart from it.
    private static bool IsPlain(torch.Tensor picture) => picture.shape[0] == 3 && !PictureBytes.Of(picture).IsGrey;

    private static float? Finite(float value) => float.IsFinite(value) ? value : null;
}
