namespace CnnViz.Pictures.Codecs;

/// <summary>What a picture file says of itself.</summary>
internal static class PictureText
{
    // A number for each step, and there may be a million steps.
    private const int Longest = 1 << 25;

    /// <summary>
    /// The text under a keyword in a PNG file; else the EXIF tag ImageDescription, which TIFF files have in their own directory, or a GIF file's
    /// comment.
    /// </summary>
    /// <param name="file">The file, one of the six formats.</param>
    /// <param name="keyword">The keyword.</param>
    /// <returns>The text; null where there is none.</returns>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static string? Read(byte[] file, string keyword) => PictureKinds.Of(file) switch
    {
        PictureKind.Png => PngFile.ReadText(file, keyword, Longest) ?? Description(PngFile.ReadExif(file)),
        PictureKind.Jpeg => Description(JpegFile.ReadExif(file)),
        PictureKind.Webp => Description(WebpFile.ReadExif(file)),
        PictureKind.Tiff => Description(file),
        PictureKind.Gif => GifFile.ReadComment(file),
        _ => null,
    };

    private static string? Description(byte[]? directory) =>
        directory is null ? null : TagDirectory.TryRead(directory)?.Text(TagDirectory.ImageDescription);
}
