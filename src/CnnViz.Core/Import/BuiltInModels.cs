namespace CnnViz.Import;

/// <summary>The trained models that ship with CnnViz, by name.</summary>
public static class BuiltInModels
{
    private const string Extension = ".onnx";

    // The assemblies lie in module/bin, the models in module/models.
    private static string Folder => Path.GetFullPath(
        Path.Combine(Path.GetDirectoryName(typeof(BuiltInModels).Assembly.Location)!, "..", "models"));

    /// <summary>Their names, in alphabetical order.</summary>
    public static IEnumerable<string> Names => Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder, "*" + Extension).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)
        : [];

    /// <summary>The path of a built-in model, or null.</summary>
    /// <param name="name">Its name, in any case.</param>
    public static string? Find(string name) =>
        Names.FirstOrDefault(candidate => string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Path.Combine(Folder, found + Extension)
            : null;
}
