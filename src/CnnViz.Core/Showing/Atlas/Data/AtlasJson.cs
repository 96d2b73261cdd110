using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using CnnViz.Ascent;
using CnnViz.Quality;

namespace CnnViz.Showing.Atlas.Data;

/// <summary>
/// The data of an atlas as JSON, and back. What is read is as little trusted as any file: names of files are made anew of the names of layers
/// and filters, texts are only ever shown encoded.
/// </summary>
internal static class AtlasJson
{
    // A layer of a few thousand filters with several pictures each.
    private const long LargestFile = 256L << 20;
    private const int LongestText = 4096;

    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
        MaxDepth = 12,
    };

    public static void Write<T>(string path, T value) =>
        WholeFile.Write(path, stream => JsonSerializer.Serialize(stream, value, s_options));

    /// <summary>Reads what the atlas is of.</summary>
    /// <exception cref="CnnVizException">The file is damaged.</exception>
    public static AtlasDocument ReadDocument(string path) => Read<AtlasDocument>(path, document =>
    {
        if (document.Format != AtlasDocument.CurrentFormat)
        {
            throw new JsonException($"its format is {document.Format}, not {AtlasDocument.CurrentFormat}");
        }

        Check(document.Model is { Name: not null, Sha256: not null } && document.Layers is not null, "it names no model");
        CheckText(document.Title, document.Model.Name, document.Model.Sha256, document.Model.Preprocessing, document.Model.Format, document.Model.Input);
        foreach (AtlasLayer layer in document.Layers!)
        {
            Check(layer is { Reach: null or (>= 0 and <= 1), Filters: null or >= 0 }, "it has a layer that is none");
            CheckText(layer!.Name, layer.Kind, layer.OutputShape, layer.ReceptiveField);
        }

        Check(document.Layers.Select(layer => layer.Name).Distinct(StringComparer.Ordinal).Count() == document.Layers.Count, "it has a layer twice");
    });

    /// <summary>Reads which models a folder compares.</summary>
    /// <exception cref="CnnVizException">The file is damaged.</exception>
    public static ComparedDocument ReadCompared(string path) => Read<ComparedDocument>(path, document =>
    {
        Check(document.Format == ComparedDocument.CurrentFormat, $"its format is {document.Format}, not {ComparedDocument.CurrentFormat}");
        Check(document.Models is not null && document.Models.All(model => model is not null), "it names no models");
        CheckText([document.Title, .. document.Models!]);
    });

    /// <summary>Reads what there is of a layer's filters.</summary>
    /// <exception cref="CnnVizException">The file is damaged.</exception>
    public static IReadOnlyList<AtlasFilter> ReadFilters(string path, bool areObjectives) => Read<List<AtlasFilter>>(path, filters =>
    {
        foreach (AtlasFilter filter in filters)
        {
            Check(filter is not null && (areObjectives ? filter.Number is null && filter.Objective is not null : filter.Number >= 0), "it has a filter that is none");
            Check(filter!.Pictures is not null && filter.Qualities is not null && filter.Patches is not null, "a list is missing");
            CheckText(filter.Objective, filter.ClassName, filter.Statistics?.MaxImage, filter.Statistics?.Concept);
            filter.Pictures!.ForEach(Check);
            filter.Qualities!.ForEach(Check);
            filter.Patches!.ForEach(Check);
            Check(filter.Pictures.Select(picture => picture.Key).Distinct().Count() == filter.Pictures.Count, "it has a picture twice");
            Check(filter.Patches.Select(patch => patch.Rank).Distinct().Count() == filter.Patches.Count, "it has a patch twice");
        }

        Check(filters.Select(filter => filter.Order).Distinct(StringComparer.Ordinal).Count() == filters.Count, "it has a filter twice");
    });

    private static T Read<T>(string path, Action<T> check)
        where T : class
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            Check(file.Length <= LargestFile, $"it has {file.Length} bytes");
            T value = JsonSerializer.Deserialize<T>(file, s_options) ?? throw new JsonException("it is empty");
            check(value);
            return value;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new CnnVizException(
                "AtlasDamaged",
                $"The atlas file '{path}' cannot be read: {exception.Message.Split('\n', 2)[0]}",
                "Restore the file, or write the atlas to another folder.",
                exception);
        }
    }

    private static void Check(AtlasPicture picture)
    {
        Check(picture is { Recipe: not null, Numbers: not null, Curve: not null }, "it has a picture that is none");
        Check(picture.Numbers!.All(number => number is { Name: not null, Value: not null }), "it has a number that is none");
        Check(picture.Height is > 0 and <= 1 << 16 && picture.Width is > 0 and <= 1 << 16 && picture.Parts is > 0 and <= 1 << 12, $"it has a picture of {picture.Height}×{picture.Width}");
        Check(picture.Steps >= 0 && picture.Stride > 0 && picture.Curve!.Count <= 4096, "it has a curve that is none");
        Check(picture.Signature is null || picture.Signature.Length == PictureSignature.Length, "it has a signature that is none");
        bool hasSignal = picture.Status is AscentStatus.StepLimit or AscentStatus.Converged;
        Check(Enum.IsDefined(picture.Status) && hasSignal == picture.Reason is null, "it has a status that is none");
        CheckText(picture.Recipe, picture.Reason, picture.InitialImage, picture.Spectrum);
        CheckText([.. picture.Numbers.SelectMany(number => new[] { number.Name, number.Value })]);
    }

    private static void Check(FilterImageQuality quality)
    {
        Check(quality is { Reasons: not null } && (quality.Verdict is not { } verdict || Enum.IsDefined(verdict)), "it has figures that are none");
        CheckText([quality.Recipe, quality.NaturalImage, .. quality.Reasons]);
    }

    private static void Check(AtlasPatch patch)
    {
        Check(patch is { Image: not null, Rank: > 0, Height: > 0, Width: > 0 }, "it has a patch that is none");
        CheckText(patch.Image);
    }

    private static void CheckText(params string?[] texts) =>
        Check(texts.All(text => text is null || text.Length <= LongestText), "it has a text that is too long");

    private static void Check([DoesNotReturnIf(false)] bool isRight, string what)
    {
        if (!isRight)
        {
            throw new JsonException(what);
        }
    }
}
