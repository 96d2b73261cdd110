using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CnnViz.Activations;
using CnnViz.Ascent;
using ImageMagick;

namespace CnnViz.Imaging;

/// <summary>
/// What a picture file says about itself: a title, and every fact that repeats it, as one JSON object. The time that it took is
/// left out, so that equal pictures are equal files.
/// </summary>
internal sealed class PictureFacts
{
    /// <summary>The key of the JSON text in PNG files.</summary>
    public const string Key = "CnnViz";

    /// <summary>What Magick calls the tag ImageDescription of a TIFF file.</summary>
    public const string Comment = "comment";

    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
    };

    public PictureFacts(FilterImage image)
    {
        Title = image.Filter is { } filter
            ? TitleOf(image.Model, image.Layer, filter, image.ClassName)
            : $"{image.Model} {image.Objective}";
        Title += image.Recipe.Dream is null ? string.Empty : $", dreamt into {Path.GetFileName(image.InitialImage)}";
        Json = JsonSerializer.Serialize(
            new Dictionary<string, object?>
            {
                ["model"] = image.Model,
                ["modelSha256"] = image.ModelSha256,
                ["objective"] = image.Objective,
                ["layer"] = image.Layer,
                ["filter"] = image.Filter,
                ["className"] = image.ClassName,
                ["activation"] = Finite(image.Activation),
                ["activations"] = image.Activations.Select(Finite),
                ["status"] = image.Status.ToString(),
                ["rescue"] = image.Rescue.ToString(),
                ["minimized"] = image.Minimized,
                ["seed"] = image.Seed,
                ["recipe"] = image.Recipe.Name,
                ["steps"] = image.Recipe.Steps,
                ["image"] = image.Recipe.Image,
                ["views"] = image.Recipe.Views,
                ["penalties"] = image.Recipe.Penalties,
                ["update"] = image.Recipe.Update,
                ["dream"] = image.Recipe.Dream,
                ["border"] = image.Border,
                ["initialImage"] = image.InitialImage is null ? null : Path.GetFileName(image.InitialImage),
                ["spectrum"] = image.Spectrum,
                ["preprocessing"] = image.Preprocessing,
                ["height"] = image.Height,
                ["width"] = image.Width,
                ["version"] = Version,
            },
            s_options);
    }

    public PictureFacts(FilterPatch patch)
    {
        string image = Path.GetFileName(patch.Path);
        Title = $"{TitleOf(patch.Model, patch.Layer, patch.Filter, patch.ClassName)}: number {patch.Rank}, from {image}";
        Json = JsonSerializer.Serialize(
            new Dictionary<string, object?>
            {
                ["model"] = patch.Model,
                ["modelSha256"] = patch.ModelSha256,
                ["layer"] = patch.Layer,
                ["filter"] = patch.Filter,
                ["className"] = patch.ClassName,
                ["rank"] = patch.Rank,
                ["image"] = image,
                ["mean"] = Finite(patch.Mean),
                ["max"] = Finite(patch.Max),
                ["position"] = patch.Position is { } position ? new[] { position.Row, position.Column } : null,
                ["top"] = patch.Patch.Top,
                ["left"] = patch.Patch.Left,
                ["height"] = patch.Height,
                ["width"] = patch.Width,
                ["version"] = Version,
            },
            s_options);
    }

    /// <param name="title">One line for people.</param>
    /// <param name="facts">Everything else.</param>
    public PictureFacts(string title, IReadOnlyDictionary<string, object?> facts)
    {
        Title = title;
        Json = JsonSerializer.Serialize(new Dictionary<string, object?>(facts) { ["version"] = Version }, s_options);
    }

    /// <summary>One line for people.</summary>
    public string Title { get; }

    /// <summary>Everything, for programs.</summary>
    public string Json { get; }

    /// <summary>
    /// Puts it where each format keeps text: PNG in text chunks, TIFF in its tag ImageDescription, the others in the EXIF tag of that name.
    /// </summary>
    public void WriteTo(MagickImage image, PictureFormat format)
    {
        if (format == PictureFormat.Png)
        {
            image.SetAttribute("Title", Title);
            image.SetAttribute("Software", "CnnViz");
            image.SetAttribute(Key, Json);
            return;
        }

        if (format == PictureFormat.Tiff)
        {
            // TIFF files are written without an EXIF profile. Comment and artifact become the tags ImageDescription and Software.
            image.SetAttribute(Comment, Json);
            image.SetArtifact("tiff:software", "CnnViz");
            return;
        }

        var profile = new ExifProfile();
        profile.SetValue(ExifTag.ImageDescription, Json);
        profile.SetValue(ExifTag.Software, "CnnViz");
        image.SetProfile(profile);
    }

    private static string? Version => typeof(PictureFacts).Assembly.GetName().Version?.ToString(3);

    private static string TitleOf(string model, string layer, int filter, string? className) => string.Create(
        CultureInfo.InvariantCulture, $"{model} {layer} filter {filter}{(className is null ? string.Empty : $" ({className})")}");

    // JSON has no infinities.
    private static float? Finite(float value) => float.IsFinite(value) ? value : null;
}
