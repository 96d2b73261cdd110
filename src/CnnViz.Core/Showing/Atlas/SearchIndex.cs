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

    public static string ToJson(AtlasContents contents) => ToJson([(contents, string.Empty, string.Empty)]);

    /// <summary>Writes the search's data as a script.</summary>
    /// <param name="atlases">What atlases know, the ways to their folders, and what stands before the names of their layers.</param>
    /// <param name="stream">Where to.</param>
    public static void WriteScript(IEnumerable<(AtlasContents Contents, string Root, string Prefix)> atlases, Stream stream) =>
        stream.Write(Encoding.UTF8.GetBytes($"window.cnnvizAtlas={ToJson(atlases)};\n"));

    private static string ToJson(IEnumerable<(AtlasContents Contents, string Root, string Prefix)> atlases) => JsonSerializer.Serialize(
        atlases.SelectMany(atlas => atlas.Contents.Layers.Where(layer => layer.Entries.Count > 0).Select(layer => new Entry(
            atlas.Prefix + layer.Title,
            layer.Kind,
            atlas.Root + layer.Folder,
            [.. layer.Entries.Values.Select(filter => filter.Number).OfType<int>()],
            layer.Name is null ? layer.Entries.Values.ToDictionary(filter => filter.Key, filter => filter.Title) : null,
            NullIfEmpty(layer.Entries.Values.Where(filter => filter is { ClassName: not null, Number: not null })
                .ToDictionary(filter => filter.Number!.Value, filter => filter.ClassName!)),
            [.. layer.Entries.Values.Where(filter => filter.Main is not { Reason: null }).Select(filter => filter.Key)]))),
        s_options);

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
