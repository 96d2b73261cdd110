namespace CnnViz.Pictures.Codecs;

/// <summary>What a file says of its picture before any pixel is decoded.</summary>
/// <param name="Height">Height in pixels, as it is stored.</param>
/// <param name="Width">Width in pixels, as it is stored.</param>
/// <param name="HasAlpha">Whether the file has a channel for transparency.</param>
internal sealed record PictureHeader(long Height, long Width, bool HasAlpha = false)
{
    /// <summary>The most pixels that are decoded; a decoder then takes less than 1 GB.</summary>
    public const long MaxPixels = 50_000_000;

    /// <summary>Number of frames; the first is decoded.</summary>
    public int Frames { get; init; } = 1;

    /// <summary>How to turn it upright: 1…8, as EXIF counts.</summary>
    public int Orientation { get; init; } = 1;

    /// <summary>How a JPEG file's brightness and colours become red, green and blue; null where pixels have them already.</summary>
    public JpegColours? Colours { get; init; }

    /// <summary>Whether its pixels are in tiles, which are decoded one by one.</summary>
    public bool IsTiled { get; init; }

    /// <summary>What the four samples of a pixel mean that a decoder gives out.</summary>
    public StoredPixels Pixels { get; init; }

    /// <summary>Checks the sides.</summary>
    /// <exception cref="InvalidDataException">There is no pixel, or more than the file can hold.</exception>
    /// <exception cref="PictureTooLargeException">There are more pixels than are decoded.</exception>
    public PictureHeader Checked(long mostPixels = long.MaxValue)
    {
        if (Height <= 0 || Width <= 0)
        {
            throw new InvalidDataException($"it has {Height}×{Width} pixels");
        }

        if (Height > MaxPixels / Width)
        {
            throw new PictureTooLargeException(
                $"has {Height:N0}×{Width:N0} pixels, and no more than {MaxPixels / 1_000_000} million are read");
        }

        return Height * Width <= mostPixels ? this : throw new InvalidDataException("it is too short for its pixels");
    }
}

/// <summary>A picture that is larger than what is read.</summary>
internal sealed class PictureTooLargeException(string message) : Exception(message);
