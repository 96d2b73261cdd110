using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Showing.Files;

/// <summary>A picture on its way to a file: its pixels, what the file is to say, and what the file's name can be made of.</summary>
public sealed class Picture
{
    private Picture(
        string defaultName,
        IReadOnlyDictionary<string, object> names,
        Func<torch.Tensor> tensor,
        Func<PictureFacts> facts,
        Func<torch.Tensor>? alpha = null)
    {
        Alpha = alpha;
        DefaultName = defaultName;
        Names = names;
        Tensor = tensor;
        Facts = facts;
    }

    /// <summary>The template of its file's name in a folder.</summary>
    internal string DefaultName { get; }

    /// <summary>What the placeholders of a template stand for.</summary>
    internal IReadOnlyDictionary<string, object> Names { get; }

    /// <summary>The pixels, C×H×W, 0…1; they belong to the caller's dispose scope, or to the object that the picture is of.</summary>
    internal Func<torch.Tensor> Tensor { get; }

    internal Func<PictureFacts> Facts { get; }

    /// <summary>H×W, 0…1, where 0 is transparent; belongs to the object that the picture is of. Null where all is opaque.</summary>
    internal Func<torch.Tensor>? Alpha { get; }

    /// <summary>The picture of a filter, or of a dream.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="transparency">Whether it is transparent where the ascent was not at work.</param>
    public static Picture Of(FilterImage image, bool transparency = false) => new(
        image.Recipe.Dream is not null ? "{Image}_dream"
            : image.Filter is null ? "{Objective}"
            : image.ClassName is null ? "{Layer}_{Filter:0000}" : "{Layer}_{Filter:0000}_{Class}",
        new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase)
        {
            ["Model"] = image.Model,
            ["Objective"] = image.Objective,
            ["Layer"] = image.Layer,
            ["Filter"] = image.Filter is { } filter ? filter : string.Empty,
            ["Class"] = ShortName(image.ClassName),
            ["ClassName"] = image.ClassName ?? string.Empty,
            ["Image"] = Path.GetFileNameWithoutExtension(image.InitialImage) ?? string.Empty,
            ["Recipe"] = image.Recipe.Name,
            ["Seed"] = image.Seed,
            ["Activation"] = image.Activation,
            ["Size"] = image.Size,
        },
        () => image.Tensor,
        () => FilterImageFacts.Of(image).ToPictureFacts(),
        transparency ? () => image.Transparency ?? throw NoTransparency(image) : null);

    /// <summary>The part of an image that fires a filter.</summary>
    public static Picture Of(FilterPatch patch) => new(
        "{Layer}_{Filter:0000}_{Rank:00}",
        new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase)
        {
            ["Model"] = patch.Model,
            ["Layer"] = patch.Layer,
            ["Filter"] = patch.Filter,
            ["Class"] = ShortName(patch.ClassName),
            ["ClassName"] = patch.ClassName ?? string.Empty,
            ["Rank"] = patch.Rank,
            ["Image"] = Path.GetFileNameWithoutExtension(patch.Path),
            ["Activation"] = patch.Max,
            ["Size"] = patch.Size,
        },
        () => ImageFile.ToTensor([patch.Pixels], new LayerShape(patch.Channels, patch.Height, patch.Width, true))[0],
        () => FilterPatchFacts.Of(patch).ToPictureFacts());

    private static CnnVizException NoTransparency(FilterImage image) => new(
        "NoTransparency", $"The picture {image} has no transparency: no step was taken.", "Leave -Transparency out.");

    private static string ShortName(string? className) => className is null ? string.Empty : ClassLists.Synonyms(className)[0];
}
