using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnViz.Showing.Files;

/// <summary>Names of files: a folder, in which pictures choose their own, or a template such as <c>out/{Layer}_{Filter:000}.jpg</c>.</summary>
internal sealed partial class FileNames
{
    private readonly string _path;
    private readonly string _extension;
    private readonly bool _isFolder;

    /// <summary>Takes a path apart.</summary>
    /// <param name="path">Full path of a folder or a file, with or without placeholders.</param>
    /// <param name="extension">The extension of the files, with its dot.</param>
    /// <param name="hasExtension">Whether the path ends in one, so that it cannot be a folder's.</param>
    /// <exception cref="CnnVizException">A placeholder is not known.</exception>
    public FileNames(string path, string extension, bool hasExtension)
    {
        _extension = extension;
        bool isFile = hasExtension || (path.Contains('{') && !Path.EndsInDirectorySeparator(path) && !Directory.Exists(path));
        _isFolder = !isFile;
        _path = isFile && !hasExtension ? path + extension : path;
        Placeholders.Check(_path, "the path");
    }

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
    public string PathOf(string defaultName, IReadOnlyDictionary<string, object> names) => Placeholders.Fill(
        _isFolder ? Path.Combine(_path, defaultName + _extension) : _path,
        (placeholder, name, format) => SafeName(string.Format(
            CultureInfo.InvariantCulture,
            format,
            names.TryGetValue(name, out object? value)
                ? value
                : throw Placeholders.Unknown(placeholder, "the path", "says nothing of this picture", names.Keys.Select(key => $"{{{key}}}")))));

    /// <summary>A text that every file system takes as a part of a file name.</summary>
    internal static string SafeName(string text)
    {
        string safe = Unsafe().Replace(text, "-").Trim(' ', '.');
        safe = safe.Length > 100 ? safe[..100] : safe;
        return safe.Length == 0 ? "_" : Reserved().IsMatch(safe) ? $"_{safe}" : safe;
    }

    [GeneratedRegex(@"[\x00-\x1f\x7f<>:""/\\|?*\[\]{}]")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();
}
