using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CnnViz.Showing.Atlas.Data;

namespace CnnViz.Showing.Atlas;

/// <summary>What the pages' script searches. Its encoder escapes all that could end a script or begin a tag.</summary>
internal static class SearchIndex
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string ToJson(AtlasContents contents) => JsonSerializer.Serialize(
        contents.Layers.Where(layer => layer.Entries.Count > 0).Select(layer => new Entry(
            layer.Title,
            layer.Kind,
            layer.Folder,
            [.. layer.Entries.Values.Select(filter => filter.Number).OfType<int>()],
            layer.Name is null ? layer.Entries.Values.ToDictionary(filter => filter.Key, filter => filter.Title) : null,
            NullIfEmpty(layer.Entries.Values.Where(filter => filter is { ClassName: not null, Number: not null })
                .ToDictionary(filter => filter.Number!.Value, filter => filter.ClassName!)),
            [.. layer.Entries.Values.Where(filter => filter.Main is not { Reason: null }).Select(filter => filter.Key)])),
        s_options);

    public static void WriteScript(AtlasContents contents, Stream stream) =>
        stream.Write(Encoding.UTF8.GetBytes($"window.cnnvizAtlas={ToJson(contents)};\n"));

    private static Dictionary<int, string>? NullIfEmpty(Dictionary<int, string> names) => names.Count == 0 ? null : names;

    /// <summary>A layer.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Kind">What it does; or null.</param>
    /// <param name="Folder">Its folder, or the beginning of its ids.</param>
    /// <param name="Filters">Numbers of the filters that have a page.</param>
    /// <param name="Objectives">Objectives by the names of their files; null for a layer.</param>
    /// <param name="Classes">Names of classes by their filters; null for none.</param>
    /// <param name="Bare">Names of files of those without a thumbnail.</param>
    private sealed record Entry(
        string Name,
        string? Kind,
        string Folder,
        IReadOnlyList<int> Filters,
        IReadOnlyDictionary<string, string>? Objectives,
        IReadOnlyDictionary<int, string>? Classes,
        IReadOnlyList<string> Bare);
}
