using System.Globalization;
using System.Text.Json;
using CnnViz.Networks;

namespace CnnViz.Import.Hub;

/// <summary>What <c>config.json</c> and <c>preprocessor_config.json</c> of Hugging Face and timm say of a model.</summary>
/// <param name="Architecture">timm's name of the network.</param>
/// <param name="Preprocessing">How a picture becomes the input.</param>
/// <param name="InputSize">Height and width of the input.</param>
/// <param name="ClassNames">Names of the classes in order.</param>
internal sealed record HubConfig(
    string? Architecture, Preprocessing? Preprocessing, int? InputSize, IReadOnlyList<string>? ClassNames)
{
    private const int LargestSize = 4096;
    private const double FullRange = 255;

    /// <summary>Nothing.</summary>
    public static HubConfig None { get; } = new(null, null, null, null);

    /// <summary>Reads the files of a folder that are there. What is of another form than usual is passed over.</summary>
    public static HubConfig Read(string folder)
    {
        HubConfig config = Read(folder, "config.json", ReadConfig) ?? None;
        HubConfig pictures = Read(folder, "preprocessor_config.json", ReadPreprocessor) ?? None;
        return config with
        {
            Preprocessing = pictures.Preprocessing ?? config.Preprocessing,
            InputSize = pictures.InputSize ?? config.InputSize,
        };
    }

    private static HubConfig? Read(string folder, string name, Func<JsonElement, HubConfig?> read)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            return null;
        }

        using WeightFile file = WeightFile.Open(path);
        return BoundedJson.TryRead(file, 0, file.Length, read);
    }

    private static HubConfig ReadConfig(JsonElement root)
    {
        JsonElement trained = Property(root, "pretrained_cfg") ?? root;
        return new HubConfig(
            Property(root, "architecture") is { ValueKind: JsonValueKind.String } name ? name.GetString() : null,
            Numbers(trained, "mean") is { } mean && Numbers(trained, "std") is { } std ? Make(1, mean, std) : null,
            Property(trained, "input_size") is { ValueKind: JsonValueKind.Array } sizes && sizes.GetArrayLength() == 3
                ? Size(sizes[1])
                : Size(Property(root, "image_size")),
            ReadClassNames(root));
    }

    // {"0": "tench", …}, in any order; or timm's list. Names that only count are none.
    private static IReadOnlyList<string>? ReadClassNames(JsonElement root)
    {
        string?[] names = Property(root, "id2label") is { ValueKind: JsonValueKind.Object } labels
            ? InOrder(labels)
            : Property(root, "label_names") is { ValueKind: JsonValueKind.Array } list
                ? [.. list.EnumerateArray().Select(name => Text(name))]
                : [];
        return names.Length == 0 || names.Any(name => name is null) || names[0]!.StartsWith("LABEL_", StringComparison.Ordinal)
            ? null
            : [.. names.Select(name => name!)];
    }

    private static string?[] InOrder(JsonElement labels)
    {
        JsonProperty[] entries = [.. labels.EnumerateObject()];
        var names = new string?[entries.Length];
        foreach (JsonProperty entry in entries)
        {
            if (int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < names.Length)
            {
                names[index] = Text(entry.Value);
            }
        }

        return names;
    }

    private static HubConfig ReadPreprocessor(JsonElement root)
    {
        JsonElement? crop = Property(root, "do_center_crop") is { ValueKind: JsonValueKind.False } ? null : Property(root, "crop_size");
        int? size = Size(crop) ?? Size(Property(root, "size"));
        bool isOffset = Property(root, "rescale_offset") is { ValueKind: JsonValueKind.True };
        bool isNormalized = Property(root, "do_normalize") is not { ValueKind: JsonValueKind.False };
        bool isRescaled = Property(root, "do_rescale") is not { ValueKind: JsonValueKind.False };
        double factor = Property(root, "rescale_factor") is { ValueKind: JsonValueKind.Number } given ? given.GetDouble() : 1 / FullRange;
        float scale = isRescaled ? (float)Math.Round(FullRange * factor, 4) : (float)FullRange;
        float[]? mean = isNormalized ? Numbers(root, "image_mean") : [0];
        float[]? std = isNormalized ? Numbers(root, "image_std") : [1];
        Preprocessing? preprocessing = isOffset || mean is null || std is null ? null : Make(scale, mean, std);
        return new HubConfig(null, preprocessing is null ? null : preprocessing with { ChannelOrder = OrderOf(root) }, size, null);
    }

    private static ChannelOrder OrderOf(JsonElement root) =>
        Property(root, "do_flip_channel_order") is { ValueKind: JsonValueKind.True } ? ChannelOrder.Bgr : ChannelOrder.Rgb;

    private static Preprocessing? Make(float scale, float[] mean, float[] std)
    {
        if (mean.Length == 0 || std.Length == 0 || std.Contains(0) || scale == 0)
        {
            return null;
        }

        Preprocessing? named = Preprocessing.Named.FirstOrDefault(known =>
            known.ChannelOrder == ChannelOrder.Rgb && known.Scale == scale && IsAll(known.Mean, mean) && IsAll(known.Std, std));
        return (named ?? new Preprocessing { Scale = scale, Mean = mean, Std = std }) with { Source = PreprocessingSource.Metadata };
    }

    // A single value stands for all channels.
    private static bool IsAll(IReadOnlyList<float> known, float[] values) =>
        known.Count == values.Length ? known.SequenceEqual(values) : known.Count == 1 && values.All(value => value == known[0]);

    private static int? Size(JsonElement? size) => size switch
    {
        { ValueKind: JsonValueKind.Number } number => number.TryGetInt32(out int value) && value is > 0 and <= LargestSize ? value : null,
        { ValueKind: JsonValueKind.Object } sides => Size(Property(sides, "height")) ?? Size(Property(sides, "shortest_edge")),
        _ => null,
    };

    private static float[]? Numbers(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.Array } list
            && list.EnumerateArray().All(value => value.ValueKind == JsonValueKind.Number)
            ? [.. list.EnumerateArray().Select(value => value.GetSingle())]
            : null;

    private static string? Text(JsonElement? element) => element is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : null;
}
