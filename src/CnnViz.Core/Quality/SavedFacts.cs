using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Pictures;

namespace CnnViz.Quality;

/// <summary>
/// What a picture says about where it comes from, as far as measuring it needs that: the common part of what <see cref="FilterImageFacts"/>
/// and <see cref="FilterPatchFacts"/> have. Anything may be missing, as a file may have been written by another program.
/// </summary>
internal sealed record SavedFacts
{
    /// <summary>The facts of a picture that says nothing.</summary>
    public static SavedFacts None { get; } = new();

    public string? Model { get; init; }

    /// <summary>SHA-256 of the model's file, in lower-case hexadecimal.</summary>
    public string? ModelSha256 { get; init; }

    public string? Layer { get; init; }

    public int? Filter { get; init; }

    public string? Recipe { get; init; }

    public long? Seed { get; init; }

    /// <summary>Whether the activation was to go down instead of up.</summary>
    public bool Minimized { get; init; }

    /// <summary>Whether the ascent raised the filter; null where it is not known.</summary>
    public bool? HasSignal { get; init; }

    /// <summary>How the picture became the network's input.</summary>
    public string? Preprocessing { get; init; }

    /// <summary>The facts of a picture in memory.</summary>
    public static SavedFacts Of(FilterImage image) => Of(FilterImageFacts.Of(image));

    /// <summary>Reads the facts of a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>Its facts; <see cref="None"/> where it has none of ours.</returns>
    /// <exception cref="CnnVizException">The file is no picture.</exception>
    public static SavedFacts Read(string path) => PictureFile.Open(path).Text is { } json ? Parse(json) : None;

    private static SavedFacts Parse(string json) =>
        FactsText.TryRead<FilterImageFacts>(json) is { Frames: null } facts && facts.IsPlausible() ? Of(facts)
            : FactsText.TryRead<FilterPatchFacts>(json) is { } patch ? Of(patch)
            : None;

    private static SavedFacts Of(FilterImageFacts facts) => new()
    {
        Model = facts.Model,
        ModelSha256 = facts.ModelSha256,
        Layer = facts.Layer,
        Filter = facts.Filter,
        Recipe = facts.Recipe,
        Seed = facts.Seed,
        Minimized = facts.Minimized,
        HasSignal = facts.Status is AscentStatus.StepLimit or AscentStatus.Converged,
        Preprocessing = facts.Preprocessing,
    };

    private static SavedFacts Of(FilterPatchFacts facts) => new()
    {
        Model = facts.Model,
        ModelSha256 = facts.ModelSha256,
        Layer = facts.Layer,
        Filter = facts.Filter,
    };
}
