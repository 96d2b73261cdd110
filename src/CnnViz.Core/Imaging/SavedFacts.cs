using System.Text.Json;
using CnnViz.Ascent;
using ImageMagick;

namespace CnnViz.Imaging;

/// <summary>
/// What a picture says about where it comes from: what <see cref="PictureFacts"/> wrote into its file. Anything may be missing, as a
/// file may have been written by another program.
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

    /// <summary>How the picture became the network's input.</summary>
    public string? Preprocessing { get; init; }

    /// <summary>The facts of a picture in memory.</summary>
    public static SavedFacts Of(FilterImage image) => new()
    {
        Model = image.Model,
        ModelSha256 = image.ModelSha256,
        Layer = image.Layer,
        Filter = image.Filter,
        Recipe = image.Recipe.Name,
        Seed = image.Seed,
        Minimized = image.Minimized,
        Preprocessing = image.Preprocessing,
    };

    /// <summary>Reads the facts of a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>Its facts; <see cref="None"/> where it has none of ours.</returns>
    /// <exception cref="CnnVizException">The file is no picture.</exception>
    public static SavedFacts Read(string path) => ImageFile.Open(path, image =>
    {
        // Not a ping, which stops before the text that stands behind the pixels.
        string? json = image.GetAttribute(PictureFacts.Key)
            ?? image.GetExifProfile()?.GetValue(ExifTag.ImageDescription)?.Value
            ?? image.GetAttribute(PictureFacts.Comment);
        return json is null ? None : Parse(json);
    });

    private static SavedFacts Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement facts = document.RootElement;
            return facts.ValueKind != JsonValueKind.Object ? None : new SavedFacts
            {
                Model = Text(facts, "model"),
                ModelSha256 = Text(facts, "modelSha256"),
                Layer = Text(facts, "layer"),
                Filter = Number(facts, "filter") is { } filter and >= int.MinValue and <= int.MaxValue ? (int)filter : null,
                Recipe = Text(facts, "recipe"),
                Seed = Number(facts, "seed"),
                Minimized = facts.TryGetProperty("minimized", out JsonElement minimized) && minimized.ValueKind == JsonValueKind.True,
                Preprocessing = Text(facts, "preprocessing"),
            };
        }
        catch (JsonException)
        {
            // Somebody's description of a photo.
            return None;
        }
    }

    private static string? Text(JsonElement facts, string name) =>
        facts.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement facts, string name) =>
        facts.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : null;
}
