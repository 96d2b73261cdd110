using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnViz.Showing.Files;

/// <summary>Names of files: a folder, in which pictures choose their own, or a template such as <c>out/{Layer}_{Filter:000}.jpg</c>.</summary>
internal sealed partial class FileNames
{
    private static readonly char[] s_separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    private readonly string _path;
    private readonly string _extension;
    private readonly bool _isFolder;

    /// <summary>Takes a path apart.</summary>
    /// <param name="path">Full path of a folder or a file, with or without placeholders.</param>
    /// <param name="extension">The extension of the files, with its dot.</param>
    /// <exception cref="CnnVizException">A placeholder is not known.</exception>
    public FileNames(string path, string extension)
    {
        _extension = extension;
        bool hasExtension = ExtensionOf(path) is not null;
        bool isFile = hasExtension || (path.Contains('{') && !IsFolder(path));
        _isFolder = !isFile;
        _path = isFile && !hasExtension ? path + extension : path;
        Placeholders.Check(_path, "the path");
    }

    /// <summary>
    /// The extension that a path is given on purpose: it begins with a letter, is no part of a placeholder, and the path is no folder's, which is
    /// there or ends in a separator. Null where there is none.
    /// </summary>
    public static string? ExtensionOf(string path) =>
        !IsFolder(path) && Extension().Match(Path.GetFileName(Placeholders.Remove(path))) is { Success: true } found ? found.Value : null;

    /// <summary>The error for an extension that no file of a kind can have.</summary>
    /// <param name="path">The path.</param>
    /// <param name="what">What is written, such as <c>a picture</c>.</param>
    /// <param name="extensions">The extensions that there are.</param>
    public static CnnVizException UnknownFormat(string path, string what, params string[] extensions) => new(
        "UnknownFormat",
        $"'{Path.GetFileName(path)}' is not a file name for {what}: it does not end in {string.Join(", ", extensions)}.",
        "Choose another extension; for a folder of this name, put a / at its end.");

    /// <summary>Full path of a picture's file. Values in it are made safe: a layer's <c>/</c> becomes <c>-</c>.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="defaultName">The template of its name in a folder; null for the picture's own.</param>
    /// <exception cref="CnnVizException">The template has a placeholder that says nothing of such a picture, or a format that does not
    /// fit.</exception>
    public string PathOf(Picture picture, string? defaultName = null) => PathOf(defaultName ?? picture.DefaultName, picture.Names);

    /// <summary>Full path of a file whose name is made of other things than a single picture's.</summary>
    /// <param name="defaultName">The template of its name in a folder, without extension.</param>
    /// <param name="names">What the placeholders stand for.</param>
    /// <exception cref="CnnVizException">As of a picture's path.</exception>
    public string PathOf(string defaultName, IReadOnlyDictionary<string, object> names)
    {
        string template = _isFolder ? Path.Combine(_path, defaultName + _extension) : _path;
        string path = Placeholders.Fill(template, (placeholder, name, format) => PortableName.Of(string.Format(
            CultureInfo.InvariantCulture,
            format,
            names.TryGetValue(name, out object? value)
                ? value
                : throw Placeholders.Unknown(placeholder, "the path", "says nothing of this picture", names.Keys.Select(key => $"{{{key}}}")))));

        // The folders before the first placeholder are the user's own.
        int given = template.LastIndexOfAny(s_separators, Math.Max(template.IndexOf('{', StringComparison.Ordinal), 0)) + 1;
        return template.Contains('{', StringComparison.Ordinal)
            ? path[..given] + string.Join(Path.DirectorySeparatorChar, path[given..].Split(s_separators).Select(PortableName.Whole))
            : path;
    }

    private static bool IsFolder(string path) => Path.EndsInDirectorySeparator(path) || Directory.Exists(path);

    // Not the one dot of a hidden file, and not that of a version.
    [GeneratedRegex(@"(?<=.)\.[a-zA-Z]\w*$")]
    private static partial Regex Extension();
}
