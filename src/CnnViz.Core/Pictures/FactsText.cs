using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnViz.Pictures;

/// <summary>Facts as the JSON text that stands in a picture file, and back. Nothing in a file is trusted.</summary>
internal static class FactsText
{
    // A number for each step, and there may be a million steps.
    private const int Longest = 1 << 25;

    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        MaxDepth = 8,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false), new VisibleTexts() },
    };

    /// <summary>Version of what writes the facts.</summary>
    public static string? Version => typeof(FactsText).Assembly.GetName().Version?.ToString(3);

    /// <summary>A line for people: what a picture shows.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="filter">Number of the filter.</param>
    /// <param name="className">The class that the filter stands for, or null.</param>
    public static string TitleOf(string model, string layer, int filter, string? className) => string.Create(
        CultureInfo.InvariantCulture, $"{model} {layer} filter {filter}{(className is null ? string.Empty : $" ({className})")}");

    /// <summary>The text.</summary>
    public static string Write<T>(T facts) => JsonSerializer.Serialize(facts, s_options);

    /// <summary>Reads a text.</summary>
    /// <param name="json">The text.</param>
    /// <returns>The facts; null where something is missing, of another kind than it should be, or a number too large to be one.</returns>
    public static T? TryRead<T>(string json)
        where T : class
    {
        try
        {
            if (json.Length > Longest)
            {
                return null;
            }

            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = s_options.MaxDepth });
            return IsFinite(document.RootElement) ? document.Deserialize<T>(s_options) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Text that is not JSON, not UTF-16, or not ours.
            return null;
        }
    }

    /// <summary>Whether a text is an object with such a member.</summary>
    public static bool Has(string json, string member)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = s_options.MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(member, out _);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    // Names in a picture are shown at a console.
    private sealed class VisibleTexts : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => VisibleText.Of(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    private static bool IsFinite(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => float.IsFinite((float)element.GetDouble()),
        JsonValueKind.Array => element.EnumerateArray().All(IsFinite),
        JsonValueKind.Object => element.EnumerateObject().All(member => IsFinite(member.Value)),
        _ => true,
    };
}
