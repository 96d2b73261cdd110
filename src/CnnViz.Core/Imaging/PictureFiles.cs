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
        CheckPlaceholders(_path, "the path");
    }

    /// <summary>The format of the files.</summary>
    public PictureFormat Format => _format;

    /// <summary>Full path of a picture's file. Values in it are made safe: a layer's <c>/</c> becomes <c>-</c>.</summary>
    /// <exception cref="CnnVizException">The template has a placeholder that says nothing of such a picture, or a format that does not
    /// fit.</exception>
    public string PathOf(Picture picture) => PathOf(picture.DefaultName, picture.Names);

    /// <summary>Full path of a file whose name is made of other things than a single picture's.</summary>
    /// <param name="defaultName">The template of its name in a folder, without extension.</param>
    /// <param name="names">What the placeholders stand for.</param>
    /// <exception cref="CnnVizException">As of a picture's path.</exception>
    internal string PathOf(string defaultName, IReadOnlyDictionary<string, object> names)
    {
        string template = _isFolder ? Path.Combine(_path, defaultName + _format.Extension()) : _path;
        return Fill(
            template,
            (placeholder, name) => SafeName(string.Format(
                CultureInfo.InvariantCulture,
                FormatOf(placeholder),
                names.TryGetValue(name, out object? value)
                    ? value
                    : throw Unknown(placeholder, "the path", "says nothing of this picture", names.Keys.Select(key => $"{{{key}}}")))));
    }

    /// <summary>A text with placeholders, filled in.</summary>
    /// <param name="template">The text.</param>
    /// <param name="names">What the placeholders stand for; one that is not among them stands for nothing.</param>
    /// <exception cref="CnnVizException">There is a format that does not fit.</exception>
    internal static string FillText(string template, IReadOnlyDictionary<string, object> names) => Fill(
        template,
        (placeholder, name) => names.TryGetValue(name, out object? value)
            ? string.Format(CultureInfo.InvariantCulture, FormatOf(placeholder), value)
            : string.Empty);

    /// <summary>Looks whether all placeholders are known.</summary>
    /// <param name="template">A text that may have some.</param>
    /// <param name="where">What it is, for the message.</param>
    /// <exception cref="CnnVizException">One is not.</exception>
    internal static void CheckPlaceholders(string template, string where)
    {
        foreach (Match placeholder in Placeholder().Matches(template))
        {
            if (!s_placeholders.Contains($"{{{placeholder.Groups["name"].Value}}}", StringComparer.OrdinalIgnoreCase))
            {
                throw Unknown(placeholder, where, "is not known", s_placeholders);
            }
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

    private static string Fill(string template, Func<Match, string, string> fill)
    {
        try
        {
            return Placeholder().Replace(template, match => fill(match, match.Groups["name"].Value));
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

    private static string FormatOf(Match placeholder)
    {
        string format = placeholder.Groups["format"].Value;
        return format.Length > 0 ? $"{{0:{format}}}" : "{0}";
    }

    private static CnnVizException Unknown(Match placeholder, string where, string reason, IEnumerable<string> known) => new(
        "UnknownPlaceholder", $"'{placeholder.Value}' in {where} {reason}.", $"Use {string.Join(", ", known)}.");

    [GeneratedRegex(@"\{(?<name>\w+)(:(?<format>[^}]*))?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"[\x00-\x1f\x7f<>:""/\\|?*\[\]{}]")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();
}
