using CnnViz.Pictures;
using ImageMagick;
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
        using MagickImage image = ImageFile.ToImage(picture, null);
        using var small = (MagickImage)image.Clone();
        image.Quality = Quality;
        facts.WriteTo(image, PictureFormat.Webp.ToMagick());
        return (image.ToByteArray(PictureFormat.Webp.ToMagick()), ToThumbnail(small));
    }

    /// <summary>The thumbnail of a file that was made here.</summary>
    /// <exception cref="CnnVizException">It cannot be read.</exception>
    public static byte[] EncodeThumbnail(byte[] file)
    {
        try
        {
            using var image = new MagickImage(file);
            return ToThumbnail(image);
        }
        catch (MagickException exception)
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

    private static byte[] ToThumbnail(MagickImage image)
    {
        (int height, int width) = ThumbnailSize((int)image.Height, (int)image.Width);
        if (height != image.Height || width != image.Width)
        {
            image.FilterType = FilterType.Box;
            image.Resize(new MagickGeometry((uint)width, (uint)height) { IgnoreAspectRatio = true });
        }

        image.Strip();
        image.Quality = ThumbnailQuality;
        return image.ToByteArray(PictureFormat.Webp.ToMagick());
    }
}
