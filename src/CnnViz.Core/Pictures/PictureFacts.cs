using ImageMagick;

namespace CnnViz.Pictures;

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

    /// <param name="title">One line for people.</param>
    /// <param name="json">Everything else: the text of <see cref="FactsText"/>.</param>
    public PictureFacts(string title, string json) => (Title, Json) = (title, json);

    /// <param name="title">One line for people.</param>
    /// <param name="facts">Everything else.</param>
    public PictureFacts(string title, IReadOnlyDictionary<string, object?> facts)
        : this(title, FactsText.Write(new Dictionary<string, object?>(facts) { ["version"] = FactsText.Version }))
    {
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
}
