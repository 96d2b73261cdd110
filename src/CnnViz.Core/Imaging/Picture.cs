using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Models;
using TorchSharp;

namespace CnnViz.Imaging;

/// <summary>A picture on its way to a file: its pixels, what the file is to say, and what the file's name can be made of.</summary>
public sealed class Picture
{
    private Picture(string defaultName, IReadOnlyDictionary<string, object> names, Func<torch.Tensor> tensor, Func<PictureFacts> facts)
    {
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

    /// <summary>The picture of a filter, or of a dream.</summary>
    public static Picture Of(FilterImage image) => new(
        image.Recipe.Dream is not null ? "{Image}_dream" : image.Filter is null ? "{Objective}" : "{Layer}_{Filter:0000}",
        new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase)
        {
            ["Model"] = image.Model,
            ["Objective"] = image.Objective,
            ["Layer"] = image.Layer,
            ["Filter"] = image.Filter is { } filter ? filter : string.Empty,
            ["ClassName"] = image.ClassName ?? string.Empty,
            ["Image"] = Path.GetFileNameWithoutExtension(image.InitialImage) ?? string.Empty,
            ["Recipe"] = image.Recipe.Name,
            ["Seed"] = image.Seed,
            ["Activation"] = image.Activation,
            ["Size"] = image.Size,
        },
        () => image.Tensor,
        () => new PictureFacts(image));

    /// <summary>The part of an image that fires a filter.</summary>
    public static Picture Of(FilterPatch patch) => new(
        "{Layer}_{Filter:0000}_{Rank:00}",
        new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase)
        {
            ["Model"] = patch.Model,
            ["Layer"] = patch.Layer,
            ["Filter"] = patch.Filter,
            ["ClassName"] = patch.ClassName ?? string.Empty,
            ["Rank"] = patch.Rank,
            ["Image"] = Path.GetFileNameWithoutExtension(patch.Path),
            ["Activation"] = patch.Max,
            ["Size"] = patch.Size,
        },
        () => ImageFile.ToTensor([patch.Pixels], new LayerShape(patch.Channels, patch.Height, patch.Width, true))[0],
        () => new PictureFacts(patch));
}
