using ImageMagick;
using TorchSharp;

namespace CnnViz.Imaging;

/// <summary>Pictures from and to files.</summary>
public static class ImageFile
{
    /// <summary>Reads a picture upright, cut to an aspect ratio around its centre, and resized.</summary>
    /// <param name="path">Path of the file, in any format that Magick.NET reads.</param>
    /// <param name="channels">1 for grey, otherwise RGB (any further channels repeat the grey value).</param>
    /// <param name="height">Wanted height in pixels.</param>
    /// <param name="width">Wanted width in pixels.</param>
    /// <returns>channels×height×width, 0…1; the caller's.</returns>
    /// <exception cref="CnnVizException">There is no such file, or it is no picture.</exception>
    internal static torch.Tensor Read(string path, int channels, int height, int width)
    {
        try
        {
            using var image = new MagickImage(path);
            image.AutoOrient();
            image.ColorSpace = channels == 3 ? ColorSpace.sRGB : ColorSpace.Gray;
            image.Alpha(AlphaAction.Remove);
            image.Resize(new MagickGeometry((uint)width, (uint)height) { FillArea = true });
            image.Crop((uint)width, (uint)height, Gravity.Center);
            image.ResetPage();
            using IPixelCollection<byte> pixels = image.GetPixels();
            byte[] bytes = pixels.ToByteArray(channels == 3 ? "RGB" : "R")!;
            torch.Tensor interleaved = torch.tensor(bytes, [height, width, channels == 3 ? 3 : 1]);
            torch.Tensor planar = interleaved.permute(2, 0, 1).to(torch.ScalarType.Float32) / 255;
            return planar.expand(channels, height, width).contiguous();
        }
        catch (MagickException exception)
        {
            throw new CnnVizException(
                "PictureUnreadable",
                $"'{path}' cannot be read as a picture: {exception.Message.Split('\n', 2)[0]}",
                "Give a PNG, JPEG, WebP or TIFF file.",
                exception);
        }
    }

    /// <summary>Writes a picture, whole or not at all.</summary>
    /// <param name="picture">C×H×W, 0…1: grey for one channel, RGB for three, else the channels side by side in grey.</param>
    /// <param name="path">Path of the file. Its folder is made if need be; a file that is there is replaced.</param>
    /// <param name="format">Format of the file.</param>
    /// <param name="quality">1…100 for the formats that lose something; null for their default.</param>
    /// <param name="facts">What to write into the file beside the pixels.</param>
    internal static void Write(torch.Tensor picture, string path, PictureFormat format, int? quality, PictureFacts facts)
    {
        using MagickImage image = ToImage(picture);
        if (quality is { } value)
        {
            image.Quality = (uint)value;
        }

        facts.WriteTo(image, format);

        // Dates would make two equal pictures two different files.
        image.Settings.SetDefine("png:exclude-chunks", "date,tIME");
        WholeFile.Write(path, stream => image.Write(stream, format.ToMagick()));
    }

    private static MagickImage ToImage(torch.Tensor picture)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor planar = picture.shape[0] is 1 or 3 ? picture : torch.cat([.. picture.split(1, 0)], 2);
        torch.Tensor interleaved = (planar.clamp(0, 1) * 255).round().to(torch.ScalarType.Byte).permute(1, 2, 0).contiguous();
        var settings = new PixelReadSettings(
            (uint)interleaved.shape[1],
            (uint)interleaved.shape[0],
            StorageType.Char,
            interleaved.shape[2] == 3 ? "RGB" : "I");
        var image = new MagickImage();
        image.ReadPixels(interleaved.bytes.ToArray(), settings);
        image.ColorSpace = interleaved.shape[2] == 3 ? ColorSpace.sRGB : ColorSpace.Gray;
        return image;
    }
}
