using System.Globalization;
using System.Text.RegularExpressions;
using TorchSharp;

namespace CnnViz.Imaging;

/// <summary>Where pictures are written: a folder, or a template such as <c>out/{Model}/{Layer}_{Filter:000}.jpg</c>.</summary>
public sealed partial class PictureFiles
{
    private static readonly string[] s_placeholders =
    [
        "{Model}", "{Objective}", "{Layer}", "{Filter}", "{Class}", "{ClassName}", "{Recipe}", "{Seed}", "{Rank}", "{Image}", "{Activation}",
        "{Size}",
    ];

    // A folder, if the pictures choose their own names in it, else a template.
    private readonly string _path;
    private readonly bool _isFolder;
    private readonly PictureFormat _format;

    /// <summary>Takes a path apart.</summary>
    /// <param name="path">Full path of a folder or a file, with or without placeholders.</param>
    /// <param name="format">The format, or null for that of the path's extension or, failing that, PNG.</param>
    /// <exception cref="CnnVizException">Extension and format contradict each other, or a placeholder is not known.</exception>
    public PictureFiles(string path, PictureFormat? format)
    {
        PictureFormat? byName = PictureFormats.FromPath(path);
        if (byName is not null && format is not null && byName != format)
        {
            throw new CnnVizException(
                "FormatMismatch", $"'{Path.GetFileName(path)}' is no name for a {format} file.", "Leave -Format or the extension out.");
        }

        _format = format ?? byName ?? PictureFormat.Png;
        bool isFile = byName is not null || (path.Contains('{') && !Path.EndsInDirectorySeparator(path) && !Directory.Exists(path));
        _isFolder = !isFile;
        _path = isFile && byName is null ? path + _format.Extension() : path;
        foreach (Match placeholder in Placeholder().Matches(_path))
        {
            if (!s_placeholders.Contains($"{{{placeholder.Groups["name"].Value}}}", StringComparer.OrdinalIgnoreCase))
            {
                throw Unknown(placeholder, "is not known", s_placeholders);
            }
        }
    }

    /// <summary>The format of the files.</summary>
    public PictureFormat Format => _format;

    /// <summary>Full path of a picture's file. Values in it are made safe: a layer's <c>/</c> becomes <c>-</c>.</summary>
    /// <exception cref="CnnVizException">The template has a placeholder that says nothing of such a picture, or a format that does not
    /// fit.</exception>
    public string PathOf(Picture picture)
    {
        string template = _isFolder ? Path.Combine(_path, picture.DefaultName + _format.Extension()) : _path;
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

    /// <summary>Writes a picture with its facts, whole or not at all; makes the folder if need be.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="path">Full path of the file; one that is there is replaced.</param>
    /// <param name="quality">1…100 for the formats that lose something; null for their default.</param>
    /// <exception cref="ObjectDisposedException">The pixels are gone.</exception>
    /// <exception cref="CnnVizException">The picture is to be transparent, and has no transparency.</exception>
    public void Write(Picture picture, string path, int? quality)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ImageFile.Write(picture.Tensor(), path, _format, quality, picture.Facts(), picture.Alpha?.Invoke());
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
