using System.Text.Json;

namespace CnnViz.Import;

/// <summary>Weights in several files beside an index, a JSON object whose <c>weight_map</c> says in which file each key is.</summary>
internal static class ShardIndex
{
    /// <summary>Reads an index and opens its shards.</summary>
    /// <param name="file">The index; it is closed with the weights.</param>
    /// <param name="readShard">Reads one shard.</param>
    /// <returns>The tensors in the order of the index; null where the file is no such index.</returns>
    /// <exception cref="ModelFormatException">A shard is missing, is damaged, lies elsewhere, or lacks a key.</exception>
    public static StateDict? TryRead(WeightFile file, Func<string, StateDict> readShard)
    {
        if (ReadMap(file) is not { Count: > 0 } map)
        {
            return null;
        }

        string folder = Path.GetDirectoryName(file.FullPath)!;
        var shards = new Dictionary<string, StateDict>(StringComparer.Ordinal);
        try
        {
            foreach (string name in map.Values.Distinct(StringComparer.Ordinal))
            {
                shards.Add(name, readShard(Locate(file, folder, name)));
            }

            StateTensor[] tensors = [.. map.Select(entry => shards[entry.Value].TryGet(entry.Key, out StateTensor? tensor)
                ? tensor
                : throw file.Damaged($"the shard {WeightFile.Quote(entry.Value)} has no tensor {WeightFile.Quote(entry.Key)}"))];
            return new StateDict(tensors, shards.Values.First().Format, [.. shards.Values, file]);
        }
        catch
        {
            foreach (StateDict shard in shards.Values)
            {
                shard.Dispose();
            }

            throw;
        }
    }

    private static Dictionary<string, string>? ReadMap(WeightFile file) => BoundedJson.TryRead(file, 0, file.Length, root =>
    {
        if (!root.TryGetProperty("weight_map", out JsonElement entries) || entries.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty entry in entries.EnumerateObject())
        {
            if (!map.TryAdd(entry.Name, entry.Value.GetString() ?? string.Empty))
            {
                throw file.Damaged($"it names {WeightFile.Quote(entry.Name)} twice");
            }
        }

        return map;
    });

    private static string Locate(WeightFile file, string folder, string name)
    {
        bool isName = name.AsSpan().IndexOfAny("/\\:\0") < 0;
        if (!isName || FilesBeside.Find(folder, name) is not { } path)
        {
            throw new ModelFormatException(
                "ShardOutside",
                $"'{file.Name}' asks for the file {WeightFile.Quote(name)} outside its folder.",
                "An index must keep its shards beside it; do not trust this one.");
        }

        return File.Exists(path)
            ? path
            : throw new ModelFormatException(
                "ShardMissing",
                $"The shard {WeightFile.Quote(name)} that '{file.Name}' names is not beside it.",
                "Download all shards into the folder of the index.");
    }
}
