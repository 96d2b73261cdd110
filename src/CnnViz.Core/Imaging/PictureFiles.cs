using System.Globalization;
using System.Text.RegularExpressions;
using CnnViz.Ascent;

namespace CnnViz.Imaging;

/// <summary>Where pictures are written: a folder, or a template such as <c>out/{Model}/{Layer}_{Filter:000}.jpg</c>.</summary>
public sealed partial class PictureFiles
{
    private const string DefaultName = "{Layer}_{Filter:0000}";

    private readonly string _template;
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
        string template = isFile ? path : Path.Combine(path, DefaultName);
        _template = byName is null ? template + _format.Extension() : template;
        foreach (Match placeholder in Placeholder().Matches(_template))
        {
            if (!s_values.ContainsKey(placeholder.Groups["name"].Value))
            {
                throw new CnnVizException(
                    "UnknownPlaceholder",
                    $"'{placeholder.Value}' in the path is not known.",
                    $"Use {string.Join(", ", s_values.Keys.Select(key => $"{{{key}}}"))}.");
            }
        }
    }

    private static readonly Dictionary<string, Func<FilterImage, object>> s_values = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Model"] = image => image.Model,
        ["Layer"] = image => image.Layer,
        ["Filter"] = image => image.Filter,
        ["ClassName"] = image => image.ClassName ?? string.Empty,
        ["Recipe"] = image => image.Recipe.Name,
        ["Seed"] = image => image.Seed,
        ["Activation"] = image => image.Activation,
        ["Size"] = image => image.Size,
    };

    /// <summary>Full path of a picture's file. Values in it are made safe: a layer's <c>/</c> becomes <c>-</c>.</summary>
    public string PathOf(FilterImage image)
    {
        try
        {
            return Placeholder().Replace(_template, match =>
            {
                string format = match.Groups["format"].Value;
                object value = s_values[match.Groups["name"].Value](image);
                return SafeName(string.Format(CultureInfo.InvariantCulture, format.Length > 0 ? $"{{0:{format}}}" : "{0}", value));
            });
        }
        catch (FormatException exception)
        {
            throw new CnnVizException(
                "UnknownPlaceholder", $"'{_template}' has a format that does not fit: {exception.Message}", "Use one such as {Filter:000}.", exception);
        }
    }

    /// <summary>Writes a picture with its facts, whole or not at all; makes the folder if need be.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="path">Full path of the file; one that is there is replaced.</param>
    /// <param name="quality">1…100 for the formats that lose something; null for their default.</param>
    public void Write(FilterImage image, string path, int? quality) =>
        ImageFile.Write(image.Tensor, path, _format, quality, new PictureFacts(image));

    /// <summary>A text that every file system takes as a part of a file name.</summary>
    internal static string SafeName(string text)
    {
        string safe = Unsafe().Replace(text, "-").Trim(' ', '.');
        safe = safe.Length > 100 ? safe[..100] : safe;
        return safe.Length == 0 ? "_" : Reserved().IsMatch(safe) ? $"_{safe}" : safe;
    }

    [GeneratedRegex(@"\{(?<name>\w+)(:(?<format>[^}]*))?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"[\x00-\x1f\x7f<>:""/\\|?*\[\]{}]")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();
}
