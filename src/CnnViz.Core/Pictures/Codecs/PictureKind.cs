namespace CnnViz.Pictures.Codecs;

/// <summary>What a file is, as its first bytes say. Nothing else is decoded.</summary>
internal enum PictureKind
{
    Png,
    Jpeg,
    Webp,
    Tiff,
    Gif,
    Bmp,
}

/// <summary>Tells the kinds apart.</summary>
internal static class PictureKinds
{
    /// <summary>The kind of a file.</summary>
    /// <exception cref="InvalidDataException">It is none of the six.</exception>
    public static PictureKind Of(ReadOnlySpan<byte> file) =>
        file.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]) ? PictureKind.Png
            : file.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? PictureKind.Jpeg
            : file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8) ? PictureKind.Webp
            : file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8) ? PictureKind.Gif
            : file.StartsWith("BM"u8) ? PictureKind.Bmp
            : TiffFile.Is(file) ? PictureKind.Tiff
            : throw new InvalidDataException("it is no PNG, JPEG, WebP, TIFF, GIF or BMP file");
}
