using System.Text.Json;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;

namespace CnnViz.Import.Onnx;

/// <summary>
/// What CnnViz writes into an ONNX file beside the graph, and reads back: preprocessing, and class names layer by layer. The image
/// metadata that ONNX itself defines is written too, where it can say the same.
/// </summary>
internal static class OnnxMetadata
{
    /// <summary>The producer's name; nodes of such files have the layers' names as they are.</summary>
    public const string Producer = "CnnViz";

    private const string PreprocessingKey = "CnnViz.Preprocessing";
    private const string ClassNamesKey = "CnnViz.ClassNames";
    private const string PixelFormatKey = "Image.BitmapPixelFormat";
    private const string PixelRangeKey = "Image.NominalPixelRange";

    /// <summary>The entries of a model.</summary>
    public static IEnumerable<StringStringEntryProto> Write(
        Preprocessing preprocessing, IReadOnlyDictionary<string, IReadOnlyList<string>> classNames)
    {
        yield return Entry(PreprocessingKey, JsonSerializer.Serialize(new PreprocessingEntry(
            preprocessing.Name, preprocessing.Scale, [.. preprocessing.Mean], [.. preprocessing.Std], preprocessing.ChannelOrder.ToString())));
        if (classNames.Count > 0)
        {
            yield return Entry(ClassNamesKey, JsonSerializer.Serialize(classNames));
        }

        if (RangeOf(preprocessing) is { } range)
        {
            yield return Entry(PixelRangeKey, range);
            yield return Entry(PixelFormatKey, preprocessing.ChannelOrder == ChannelOrder.Bgr ? "Bgr8" : "Rgb8");
        }
    }

    /// <summary>The preprocessing that a file states, or null.</summary>
    /// <exception cref="ModelFormatException">What it states makes no sense.</exception>
    public static Preprocessing? ReadPreprocessing(ModelProto model)
    {
        if (Find(model, PreprocessingKey) is not { } json)
        {
            return ReadImageMetadata(model);
        }

        PreprocessingEntry entry = Parse<PreprocessingEntry>(PreprocessingKey, json);
        return Enum.TryParse(entry.ChannelOrder, ignoreCase: true, out ChannelOrder order) && entry is { Mean.Length: > 0, Std.Length: > 0 }
            ? new Preprocessing
            {
                Name = entry.Name ?? "Custom",
                Scale = entry.Scale,
                Mean = entry.Mean,
                Std = entry.Std,
                ChannelOrder = order,
                Source = PreprocessingSource.Metadata,
            }
            : throw Damaged(PreprocessingKey, null);
    }

    /// <summary>The class names that a file states, by layer; empty where it states none.</summary>
    /// <exception cref="ModelFormatException">What it states makes no sense.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ReadClassNames(ModelProto model) =>
        Find(model, ClassNamesKey) is { } json
            ? Parse<Dictionary<string, string[]>>(ClassNamesKey, json)
                .ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)(pair.Value ?? []), StringComparer.Ordinal)
            : new Dictionary<string, IReadOnlyList<string>>();

    private static Preprocessing? ReadImageMetadata(ModelProto model)
    {
        Preprocessing? range = Preprocessing.Named.FirstOrDefault(candidate =>
            RangeOf(candidate) is { } text && text == Find(model, PixelRangeKey));
        bool blueFirst = Find(model, PixelFormatKey)?.StartsWith("Bgr", StringComparison.OrdinalIgnoreCase) == true;
        return range is null ? null : range with
        {
            Name = blueFirst ? "Custom" : range.Name,
            ChannelOrder = blueFirst ? ChannelOrder.Bgr : ChannelOrder.Rgb,
            Source = PreprocessingSource.Metadata,
        };
    }

    private static string? RangeOf(Preprocessing preprocessing) =>
        (preprocessing.Scale, preprocessing.Mean, preprocessing.Std) switch
        {
            (255, [0], [1]) => "NominalRange_0_255",
            (1, [0], [1]) => "Normalized_0_1",
            (1, [0.5f], [0.5f]) => "Normalized_1_1",
            _ => null,
        };

    private static string? Find(ModelProto model, string key) => model.MetadataProps.LastOrDefault(entry => entry.Key == key)?.Value;

    private static T Parse<T>(string key, string json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json) ?? throw Damaged(key, null);
        }
        catch (JsonException exception)
        {
            throw Damaged(key, exception);
        }
    }

    private static ModelFormatException Damaged(string key, Exception? inner) => new(
        "MetadataInvalid", $"The model's metadata entry '{key}' makes no sense.", "Export the model again.", inner);

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };

    private sealed record PreprocessingEntry(string? Name, float Scale, float[]? Mean, float[]? Std, string? ChannelOrder);
}
