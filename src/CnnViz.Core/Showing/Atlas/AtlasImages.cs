using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Showing.Atlas;

/// <summary>Pictures as the pages show them, WebP files.</summary>
internal static class AtlasImages
{
    /// <summary>Largest side of a thumbnail in pixels.</summary>
    public const int ThumbnailSide = 96;

    private const int Quality = 90;
    private const int ThumbnailQuality = 78;

    /// <summary>A picture of its own size with its facts inside, and its thumbnail.</summary>
    /// <param name="picture">C×H×W, 0…1.</param>
    /// <param name="facts">What to write into the file beside the pixels.</param>
    public static (byte[] File, byte[] Thumbnail) Encode(torch.Tensor picture, PictureFacts facts)
    {
        PictureBytes pixels = PictureBytes.Of(picture);
        return (ImageFile.ToFile(pixels, PictureFormat.Webp, Quality, facts), ToThumbnail(pixels));
    }

    /// <summary>The thumbnail of a file that was made here.</summary>
    /// <exception cref="CnnVizException">It cannot be read.</exception>
    public static byte[] EncodeThumbnail(byte[] file)
    {
        try
        {
            return ToThumbnail(new PictureFile(file, "a picture").Decode(depth: 3));
        }
        catch (CnnVizException exception)
        {
            throw new CnnVizException("AtlasDamaged", "A picture of the atlas cannot be read.", "Write the filter's pictures again.", exception);
        }
    }

    /// <summary>The size that a picture's thumbnail has.</summary>
    public static (int Height, int Width) ThumbnailSize(int height, int width)
    {
        double scale = Math.Min(1, (double)ThumbnailSide / Math.Max(height, width));
        return (Math.Max(1, (int)Math.Round(height * scale)), Math.Max(1, (int)Math.Round(width * scale)));
    }

    private static byte[] ToThumbnail(PictureBytes picture)
    {
        (int height, int width) = ThumbnailSize(picture.Height, picture.Width);
        return ImageFile.ToFile(picture.Resize(height, width, PictureFilter.Box), PictureFormat.Webp, ThumbnailQuality);
    }
}
