using System.Text.Json;
using CnnViz.Networks;

namespace CnnViz.Import.Keras;

/// <summary>The settings of a layer, as Keras writes them. What a file leaves out, or says is null, has a default.</summary>
/// <param name="json">The object <c>config</c> of the layer.</param>
internal sealed class KerasSettings(JsonElement json)
{
    // The names that Keras 1 had for what Keras 2 calls otherwise.
    private static readonly Dictionary<string, string> s_oldNames = new(StringComparer.Ordinal)
    {
        ["filters"] = "nb_filter",
        ["strides"] = "subsample",
        ["padding"] = "border_mode",
        ["data_format"] = "dim_ordering",
        ["use_bias"] = "bias",
        ["units"] = "output_dim",
        ["axis"] = "concat_axis",
        ["negative_slope"] = "alpha",
        ["batch_shape"] = "batch_input_shape",
    };

    public static KerasSettings None { get; } = new(default);

    /// <summary>A setting, or null.</summary>
    public JsonElement? Find(string name)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonElement value = json.TryGetProperty(name, out JsonElement found) ? found
            : s_oldNames.TryGetValue(name, out string? oldName) && json.TryGetProperty(oldName, out found) ? found
            : default;
        return value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : value;
    }

    /// <summary>A setting that is true or false, or of old 1 or 0.</summary>
    public bool Flag(string name, bool fallback) => Find(name) switch
    {
        null => fallback,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } flag => flag.GetBoolean(),
        { } number => Number(number) != 0,
    };

    public string? Text(string name) => Find(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public double? Number(string name) => Find(name) is { } value ? Number(value) : null;

    public double Number(string name, double fallback) => Number(name) ?? fallback;

    /// <summary>All numbers of a setting that is a number or a list, of lists perhaps; null where it is left out.</summary>
    public double[]? Numbers(string name) => Find(name) is { } value ? [.. Flatten(value)] : null;

    public long[]? Wholes(string name) => Numbers(name) is { } numbers ? [.. numbers.Select(number => checked((long)number))] : null;

    /// <summary>Height and width, which may be said as one number.</summary>
    public Extent Pair(string name, Extent fallback) => Wholes(name) switch
    {
        null => fallback,
        [var both] => new(both, both),
        [var height, var width] => new(height, width),
        { Length: var count } => throw new FormatException($"{name} has {count} numbers instead of 2"),
    };

    /// <summary>A shape with its open sizes as null, without the batch in front; null where it is left out, or a list of several.</summary>
    public long?[]? Shape(string name) => Find(name) is { ValueKind: JsonValueKind.Array } list
        && list.EnumerateArray().All(size => size.ValueKind is JsonValueKind.Number or JsonValueKind.Null)
        ? [.. list.EnumerateArray().Skip(1).Select(size => size.ValueKind == JsonValueKind.Null ? (long?)null : size.GetInt64())]
        : null;

    // Numbers that came out of numpy are wrapped up in an object.
    private static double Number(JsonElement value) => value.ValueKind != JsonValueKind.Object ? value.GetDouble()
        : value.TryGetProperty("value", out JsonElement inner) ? Number(inner)
        : Number(value.GetProperty("config"));

    private static IEnumerable<double> Flatten(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().SelectMany(Flatten)
        : value.ValueKind == JsonValueKind.Object && value.TryGetProperty("value", out JsonElement inner) ? Flatten(inner)
        : value.ValueKind == JsonValueKind.Object && value.TryGetProperty("config", out JsonElement config) ? Flatten(config)
        : [Number(value)];
}
