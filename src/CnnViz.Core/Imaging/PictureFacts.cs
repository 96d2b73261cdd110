using System.Globalization;
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
    // The key of the JSON text in PNG files.
    private const string Key = "CnnViz";

    // What Magick calls the comment of a GIF file, and the tag ImageDescription of a TIFF file.
    private const string Comment = "comment";

    public PictureFacts(FilterImage image)
        : this(FilterImageFacts.Of(image))
    {
    }

    public PictureFacts(FilterImageFacts facts)
    {
        Title = facts.Filter is { } filter
            ? TitleOf(facts.Model, facts.Layer, filter, facts.ClassName)
            : $"{facts.Model} {facts.Objective}";
        Title += facts.Dream is null ? string.Empty : $", dreamt into {facts.InitialImage}";
        Json = FactsText.Write(facts);
    }

    public PictureFacts(FilterPatch patch)
    {
        FilterPatchFacts facts = FilterPatchFacts.Of(patch);
        Title = $"{TitleOf(facts.Model, facts.Layer, facts.Filter, facts.ClassName)}: number {facts.Rank}, from {facts.Image}";
        Json = FactsText.Write(facts);
    }

    /// <summary>What a file of several pictures says.</summary>
    public PictureFacts(IReadOnlyList<FilterImageFacts> pictures)
    {
        Title = string.Create(CultureInfo.InvariantCulture, $"{pictures[0].Model}: {pictures.Count} pictures");
        Json = FactsText.Write(new { pictures });
    }

    /// <param name="title">One line for people.</param>
    /// <param name="facts">Everything else.</param>
    public PictureFacts(string title, IReadOnlyDictionary<string, object?> facts)
    {
        Title = title;
        Json = FactsText.Write(new Dictionary<string, object?>(facts) { ["version"] = FactsText.Version });
    }

    /// <summary>One line for people.</summary>
    public string Title { get; }

    /// <summary>Everything, for programs.</summary>
    public string Json { get; }

    /// <summary>The text that <see cref="WriteTo"/> put into a file, or somebody's description of a photo; null where there is none.</summary>
    public static string? JsonOf(MagickImage image) => image.GetAttribute(Key)
        ?? image.GetExifProfile()?.GetValue(ExifTag.ImageDescription)?.Value
        ?? image.GetAttribute(Comment);

    /// <summary>
    /// Puts it where each format keeps text: PNG in text chunks, GIF in its comment, TIFF in its tag ImageDescription, the others in the EXIF
    /// tag of that name.
    /// </summary>
    public void WriteTo(IMagickImage<byte> image, MagickFormat format)
    {
        switch (format)
        {
            case MagickFormat.Png:
                image.SetAttribute("Title", Title);
                image.SetAttribute("Software", "CnnViz");
                image.SetAttribute(Key, Json);
                return;
            case MagickFormat.Gif:
                image.SetAttribute(Comment, Json);
                return;
            case MagickFormat.Tiff:
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

    private static string TitleOf(string model, string layer, int filter, string? className) => string.Create(
        CultureInfo.InvariantCulture, $"{model} {layer} filter {filter}{(className is null ? string.Empty : $" ({className})")}");
}
