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
    /// <summary>Width of the input where it is not its height.</summary>
    public int? InputWidth { get; init; }

    /// <summary>What they say and CnnViz does not follow, a sentence; else null.</summary>
    public string? Remark { get; init; }

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
            InputWidth = pictures.InputSize is null ? config.InputWidth : pictures.InputWidth,
            Remark = pictures.Remark ?? config.Remark,
        };
    }

    private static HubConfig? Read(string folder, string name, Func<JsonElement, HubConfig?> read)
    {
        if (FilesBeside.Find(folder, name) is not { } path || new FileInfo(path) is not { Exists: true, Length: > 0 })
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
            ReadClassNames(root))
        {
            InputWidth = Width(Property(root, "image_size")),
            Remark = HubHabits.Doubt(root),
        };
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
        JsonElement? crop = Is(root, "do_center_crop", false) ? null : Property(root, "crop_size");
        JsonElement? sides = Size(crop) is null ? Property(root, "size") : crop;
        Preprocessing? preprocessing = ReadRange(root);
        bool isStrange = preprocessing is null && (Property(root, "image_mean") ?? Property(root, "image_std")) is not null;
        return new HubConfig(null, preprocessing is null ? null : preprocessing with { ChannelOrder = OrderOf(root) }, Size(sides), null)
        {
            InputWidth = Width(sides),
            Remark = isStrange ? "The numbers of preprocessor_config.json are none that CnnViz understands; it does not use them." : null,
        };
    }

    // Bytes times a factor, or one less than that; then the mean and the deviation; and in EfficientNet's, the deviation once more.
    private static Preprocessing? ReadRange(JsonElement root)
    {
        bool isNormalized = !Is(root, "do_normalize", false);
        double factor = Property(root, "rescale_factor") is { ValueKind: JsonValueKind.Number } given ? given.GetDouble() : 1 / FullRange;
        bool isRescaled = !Is(root, "do_rescale", false);
        float scale = isRescaled ? (float)Math.Round(FullRange * factor, 4) : (float)FullRange;
        float offset = isRescaled && Is(root, "rescale_offset", true) ? 1 : 0;
        float[]? mean = isNormalized ? Numbers(root, "image_mean") : [0];
        float[]? std = isNormalized ? Numbers(root, "image_std") : [1];
        if (Is(root, "include_top", true))
        {
            float[]? twice = Numbers(root, "image_std");
            std = isNormalized ? std?.Select(value => value * value).ToArray() : twice;
        }

        return mean is null || std is null ? null : Make(scale, [.. mean.Select(value => value + offset)], std);
    }

    private static ChannelOrder OrderOf(JsonElement root) =>
        Is(root, "do_flip_channel_order", true) ? ChannelOrder.Bgr : ChannelOrder.Rgb;

    private static bool Is(JsonElement root, string name, bool value) =>
        Property(root, name) is { } found && found.ValueKind == (value ? JsonValueKind.True : JsonValueKind.False);

    private static Preprocessing? Make(float scale, float[] mean, float[] std)
    {
        if (mean.Length == 0 || std.Length == 0 || std.Contains(0) || scale == 0)
        {
            return null;
        }

        // The same range may be said in several ways: −1…1 is 0…2 less 1, and 0…1 less a half divided by a half.
        Preprocessing? named = Preprocessing.Named.FirstOrDefault(known => known.ChannelOrder == ChannelOrder.Rgb
            && IsAll(Ratios(known.Mean, known.Scale), Ratios(mean, scale)) && IsAll(Ratios(known.Std, known.Scale), Ratios(std, scale)));
        return (named ?? new Preprocessing { Scale = scale, Mean = mean, Std = std }) with { Source = PreprocessingSource.Metadata };
    }

    private static float[] Ratios(IReadOnlyList<float> values, float scale) => [.. values.Select(value => value / scale)];

    // A single value stands for all channels.
    private static bool IsAll(float[] known, float[] values) =>
        known.Length == 1 ? values.All(value => IsSame(value, known[0]))
        : known.Length == values.Length && known.Zip(values).All(pair => IsSame(pair.First, pair.Second));

    private static bool IsSame(float first, float second) => Math.Abs(first - second) < 1e-6f;

    private static int? Size(JsonElement? size) => size switch
    {
        { ValueKind: JsonValueKind.Number } number => number.TryGetInt32(out int value) && value is > 0 and <= LargestSize ? value : null,
        { ValueKind: JsonValueKind.Object } sides => Size(Property(sides, "height")) ?? Size(Property(sides, "shortest_edge")),
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() == 2 => Size(list[0]),
        _ => null,
    };

    private static int? Width(JsonElement? size) => size switch
    {
        { ValueKind: JsonValueKind.Object } sides => Size(Property(sides, "width")),
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() == 2 => Size(list[1]),
        _ => null,
    };

    // A list, or one number for all channels.
    private static float[]? Numbers(JsonElement element, string name) => Property(element, name) switch
    {
        { ValueKind: JsonValueKind.Number } number => [number.GetSingle()],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(value => value.ValueKind == JsonValueKind.Number) =>
            [.. list.EnumerateArray().Select(value => value.GetSingle())],
        _ => null,
    };

    private static string? Text(JsonElement? element) => element is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : null;
}
