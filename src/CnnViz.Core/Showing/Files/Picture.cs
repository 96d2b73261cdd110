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
            : image.Interpolation is not null ? "{Between}_{Number:00}"
            : image.Grid is not null ? "{Image}_{Layer}_grid"
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
            ["Between"] = image.Interpolation is { } place ? string.Join("_to_", place.Between) : string.Empty,
            ["Number"] = image.Interpolation?.Number ?? (object)string.Empty,
            ["Mix"] = image.Interpolation?.Mix ?? (object)string.Empty,
            ["Image"] = Path.GetFileNameWithoutExtension(image.InitialImage) ?? string.Empty,
            ["Recipe"] = image.Recipe.Name,
            ["Seed"] = image.Seed,
            ["Activation"] = image.Activation,
            ["Size"] = image.Size,
        },
        () => image.Tensor,
        () => FilterImageFacts.Of(image).ToPictureFacts(),
        transparency ? () => image.Transparency ?? throw NoTransparency(image) : null);

    /// <summary>The same, with one placeholder more.</summary>
    internal Picture With(string name, object value) => new(
        DefaultName, new Dictionary<string, object>(Names, StringComparer.OrdinalIgnoreCase) { [name] = value }, Tensor, Facts, Alpha);

    /// <summary>The part of an image that fires a filter, or a map over an image.</summary>
    public static Picture Of(ActivationPicture picture) => picture switch
    {
        FilterPatch patch => Of(
            patch, "{Layer}_{Filter:0000}_{Rank:00}", () => FilterPatchFacts.Of(patch).ToPictureFacts(), ("Rank", patch.Rank)),
        FilterMap map => Of(
            map,
            map.Method == MapMethod.Activation ? "{Image}_{Layer}_{Filter:0000}"
                : map.ClassName is null ? "{Image}_{Layer}_{Filter:0000}_{Method}" : "{Image}_{Class}_{Method}",
            () => FilterMapFacts.Of(map).ToPictureFacts(),
            ("Rank", map.Rank is { } rank ? rank : string.Empty),
            ("Method", map.Method.ToString())),
        _ => throw new ArgumentException($"'{picture}' is a picture of another kind.", nameof(picture)),
    };

    private static Picture Of(ActivationPicture picture, string defaultName, Func<PictureFacts> facts, params (string Name, object Value)[] own)
    {
        var names = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase)
        {
            ["Model"] = picture.Model,
            ["Layer"] = picture.Layer,
            ["Filter"] = picture.Filter,
            ["Class"] = ShortName(picture.ClassName),
            ["ClassName"] = picture.ClassName ?? string.Empty,
            ["Image"] = Path.GetFileNameWithoutExtension(picture.Path),
            ["Activation"] = picture.Max,
            ["Size"] = picture.Size,
        };
        Array.ForEach(own, pair => names[pair.Name] = pair.Value);
        return new Picture(
            defaultName,
            names,
            () => ImageFile.ToTensor([picture.Pixels], new LayerShape(picture.Channels, picture.Height, picture.Width, true))[0],
            facts);
    }

    private static CnnVizException NoTransparency(FilterImage image) => new(
        "NoTransparency", $"The picture {image} has no transparency: no step was taken.", "Leave -Transparency out.");

    private static string ShortName(string? className) => className is null ? string.Empty : ClassLists.Synonyms(className)[0];
}
