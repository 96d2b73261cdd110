using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnViz.Imaging;

/// <summary>Names of files: a folder, in which pictures choose their own, or a template such as <c>out/{Layer}_{Filter:000}.jpg</c>.</summary>
internal sealed partial class FileNames
{
    private static readonly string[] s_placeholders =
    [
        "{Model}", "{Objective}", "{Layer}", "{Filter}", "{Class}", "{ClassName}", "{Recipe}", "{Seed}", "{Rank}", "{Image}", "{Activation}",
        "{Size}",
    ];

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
        foreach (Match placeholder in Placeholder().Matches(_path))
        {
            if (!s_placeholders.Contains($"{{{placeholder.Groups["name"].Value}}}", StringComparer.OrdinalIgnoreCase))
            {
                throw Unknown(placeholder, "is not known", s_placeholders);
            }
        }
    }

    /// <summary>Full path of a picture's file. Values in it are made safe: a layer's <c>/</c> becomes <c>-</c>.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="defaultName">The template of its name in a folder; null for the picture's own.</param>
    /// <exception cref="CnnVizException">The template has a placeholder that says nothing of such a picture, or a format that does not
    /// fit.</exception>
    public string PathOf(Picture picture, string? defaultName = null)
    {
        string template = _isFolder ? Path.Combine(_path, (defaultName ?? picture.DefaultName) + _extension) : _path;
        try
        {
            return Placeholder().Replace(template, match =>
            {
                string format = match.Groups["format"].Value;
                object value = picture.Names.TryGetValue(match.Groups["name"].Value, out object? known)
                    ? known
                    : throw Unknown(match, "says nothing of this picture", picture.Names.Keys.Select(name => $"{{{name}}}"));
                return SafeName(string.Format(CultureInfo.InvariantCulture, format.Length > 0 ? $"{{0:{format}}}" : "{0}", value));
            });
        }
        catch (FormatException exception)
        {
            throw new CnnVizException(
                "UnknownPlaceholder",
                $"'{template}' has a format that does not fit: {exception.Message}",
                "Use one such as {Filter:000}.",
                exception);
        }
    }

    /// <summary>A text that every file system takes as a part of a file name.</summary>
    internal static string SafeName(string text)
    {
        string safe = Unsafe().Replace(text, "-").Trim(' ', '.');
        safe = safe.Length > 100 ? safe[..100] : safe;
        return safe.Length == 0 ? "_" : Reserved().IsMatch(safe) ? $"_{safe}" : safe;
    }

    private static CnnVizException Unknown(Match placeholder, string reason, IEnumerable<string> known) => new(
        "UnknownPlaceholder", $"'{placeholder.Value}' in the path {reason}.", $"Use {string.Join(", ", known)}.");

    [GeneratedRegex(@"\{(?<name>\w+)(:(?<format>[^}]*))?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"[\x00-\x1f\x7f<>:""/\\|?*\[\]{}]")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();
}
