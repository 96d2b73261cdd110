namespace CnnViz.Pictures;

/// <summary>
/// What a picture file says about itself: a title, and every fact that repeats it, as one JSON object. The time that it took is
/// left out, so that equal pictures are equal files. It stands where each format keeps text: in text chunks of PNG files, in a GIF file's comment,
/// in the tag ImageDescription of TIFF files, and in the EXIF tag of that name in the others.
/// </summary>
internal sealed class PictureFacts
{
    /// <summary>The keyword of the JSON text in PNG files.</summary>
    public const string Key = "CnnViz";

    /// <summary>The program that files say they are of.</summary>
    public const string Software = "CnnViz";

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
}
