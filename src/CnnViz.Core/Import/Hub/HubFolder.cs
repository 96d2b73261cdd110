namespace CnnViz.Import.Hub;

/// <summary>A folder as Hugging Face and timm save models: weights under a usual name, and beside them what they are.</summary>
internal static class HubFolder
{
    // The first that is there counts. An index comes before a file, as a folder of shards has no whole one.
    private static readonly string[] s_weights =
        ["model.safetensors.index.json", "model.safetensors", "pytorch_model.bin.index.json", "pytorch_model.bin"];

    /// <summary>The file of weights in a folder; what was given where it is no folder, or none of this kind.</summary>
    public static string FileOf(string path) => Directory.Exists(path)
        ? s_weights.Where(name => FilesBeside.Find(path, name) is not null).Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists) ?? path
        : path;

    /// <summary>Name of the model: that of the folder for a file with a usual name, else that of the file.</summary>
    public static string NameOf(string path) =>
        IsUsual(path) && Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) is { Length: > 0 } folder
            ? folder
            : Path.GetFileNameWithoutExtension(path);

    /// <summary>What is said of weights with a usual name beside them.</summary>
    public static HubConfig ConfigOf(string path) =>
        IsUsual(path) ? HubConfig.Read(Path.GetDirectoryName(Path.GetFullPath(path))!) : HubConfig.None;

    private static bool IsUsual(string path) => s_weights.Contains(Path.GetFileName(path), StringComparer.Ordinal);
}
