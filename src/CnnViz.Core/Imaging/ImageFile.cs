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
            using MagickImage image = Open(path, channels);
            image.Resize(new MagickGeometry((uint)width, (uint)height) { FillArea = true });
            image.Crop((uint)width, (uint)height, Gravity.Center);
            image.ResetPage();
            torch.Tensor picture = ToTensor(image, channels == 3);
            return picture.expand(channels, height, width).contiguous();
        }
        catch (MagickException exception)
        {
            throw Unreadable(path, exception);
        }
    }

    /// <summary>Reads a picture as <see cref="Write"/> wrote it: upright, pixel by pixel.</summary>
    /// <param name="path">Path of the file, in any format that Magick.NET reads.</param>
    /// <param name="channels">3 for RGB, otherwise grey, the channels side by side.</param>
    /// <returns>channels×height×width, 0…1; the caller's.</returns>
    /// <exception cref="CnnVizException">There is no such file, it is no picture, or its width is no multiple of the channels'
    /// number.</exception>
    internal static torch.Tensor ReadExact(string path, int channels)
    {
        try
        {
            using MagickImage image = Open(path, channels);
            return Split(ToTensor(image, channels == 3), channels) ?? throw new CnnVizException(
                "PictureSizeMismatch",
                $"'{path}' is {image.Width} pixels wide, so {channels} channels cannot lie side by side in it.",
                "Give a picture that was written for this network.");
        }
        catch (MagickException exception)
        {
            throw Unreadable(path, exception);
        }
    }

    /// <summary>What is left of a picture after it was a JPEG file.</summary>
    /// <param name="picture">C×H×W, 0…1.</param>
    /// <param name="quality">1…100. Colours have half the resolution, as is usual.</param>
    /// <returns>C×H×W, 0…1; the caller's.</returns>
    internal static torch.Tensor ThroughJpeg(torch.Tensor picture, int quality)
    {
        int channels = (int)picture.shape[0];
        using MagickImage image = ToImage(picture);
        image.Quality = (uint)quality;
        image.Settings.SetDefine(MagickFormat.Jpeg, "sampling-factor", "4:2:0");
        using var decoded = new MagickImage(image.ToByteArray(MagickFormat.Jpeg));
        Normalize(decoded, channels);
        return Split(ToTensor(decoded, channels == 3), channels)!;
    }

    /// <summary>The error for a file that is no picture.</summary>
    internal static CnnVizException Unreadable(string path, MagickException exception) => new(
        "PictureUnreadable",
        $"'{path}' cannot be read as a picture: {exception.Message.Split('\n', 2)[0]}",
        "Give a PNG, JPEG, WebP or TIFF file.",
        exception);

    private static MagickImage Open(string path, int channels)
    {
        var image = new MagickImage(path);
        image.AutoOrient();
        Normalize(image, channels);
        return image;
    }

    private static void Normalize(MagickImage image, int channels)
    {
        image.ColorSpace = channels == 3 ? ColorSpace.sRGB : ColorSpace.Gray;
        image.Alpha(AlphaAction.Remove);
    }

    // 3×H×W or 1×H×W, 0…1.
    private static torch.Tensor ToTensor(MagickImage image, bool isColour)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IPixelCollection<byte> pixels = image.GetPixels();
        byte[] bytes = pixels.ToByteArray(isColour ? "RGB" : "R")!;
        torch.Tensor interleaved = torch.tensor(bytes, [image.Height, image.Width, isColour ? 3 : 1]);
        return (interleaved.permute(2, 0, 1).to(torch.ScalarType.Float32) / 255).contiguous().MoveToOuterDisposeScope();
    }

    // Channels that lie side by side, one over the other; null where the width cannot be parted.
    private static torch.Tensor? Split(torch.Tensor picture, int channels)
    {
        if (picture.shape[0] == channels)
        {
            return picture;
        }

        return picture.shape[2] % channels == 0 ? torch.cat(picture.split(picture.shape[2] / channels, 2), 0) : null;
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
