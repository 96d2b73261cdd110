using CnnViz.Networks;
using ImageMagick;
using TorchSharp;

namespace CnnViz.Pictures;

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
    internal static torch.Tensor Read(string path, int channels, int height, int width) => Open(path, image =>
    {
        Normalize(image, channels);
        image.Resize(new MagickGeometry((uint)width, (uint)height) { FillArea = true });
        image.Crop((uint)width, (uint)height, Gravity.Center);
        return ToTensor(image, channels);
    });

    /// <summary>Reads a picture upright, at its own size.</summary>
    /// <param name="path">Path of the file, in any format that Magick.NET reads.</param>
    /// <param name="channels">3 for RGB, otherwise the grey value, as often as that.</param>
    /// <returns>channels×height×width, bytes; the caller's.</returns>
    /// <exception cref="CnnVizException">There is no such file, or it is no picture.</exception>
    internal static torch.Tensor ReadWhole(string path, int channels) => Open(path, image =>
    {
        Normalize(image, channels);
        using DisposeScope scope = torch.NewDisposeScope();
        var shape = new LayerShape(channels, (int)image.Height, (int)image.Width, true);
        return ToBytes([PixelsOf(image, channels)], shape)[0].MoveToOuterDisposeScope();
    });

    /// <summary>
    /// Reads a picture upright, as classifiers are tested: one of the wanted size as it is, any other resized until its shorter side
    /// is 256/224 of the wanted one (bilinear, antialiased) and cut around its centre (torchvision's evaluation transforms).
    /// </summary>
    /// <param name="path">Path of the file, in any format that Magick.NET reads.</param>
    /// <param name="channels">3 for RGB, otherwise grey.</param>
    /// <param name="height">Wanted height in pixels.</param>
    /// <param name="width">Wanted width in pixels.</param>
    /// <returns>height×width×3, or height×width for grey; 0…255.</returns>
    /// <exception cref="CnnVizException">There is no such file, or it is no picture.</exception>
    internal static byte[] ReadCenter(string path, int channels, int height, int width) => Open(path, image =>
    {
        Normalize(image, channels);
        if (image.Height != height || image.Width != width)
        {
            (long rows, long columns) = CoveringSize(image, Margin(height), Margin(width));
            image.FilterType = FilterType.Triangle;
            image.Resize(new MagickGeometry((uint)columns, (uint)rows) { IgnoreAspectRatio = true });
            (int top, int left) = ((int)Math.Round((rows - height) / 2.0), (int)Math.Round((columns - width) / 2.0));
            image.Crop(new MagickGeometry(left, top, (uint)width, (uint)height));
        }

        return PixelsOf(image, channels);
    });

    /// <summary>Reads a picture as <see cref="Write"/> wrote it: upright, pixel by pixel.</summary>
    /// <param name="path">Path of the file, in any format that Magick.NET reads.</param>
    /// <param name="channels">3 for RGB, otherwise grey, the channels side by side.</param>
    /// <returns>channels×height×width, 0…1; the caller's.</returns>
    /// <exception cref="CnnVizException">There is no such file, it is no picture, or its width is no multiple of the channels'
    /// number.</exception>
    internal static torch.Tensor ReadExact(string path, int channels) => Open(path, image =>
        SplitTensor(image, channels) ?? throw new CnnVizException(
            "PictureSizeMismatch",
            $"'{path}' is {image.Width} pixels wide, so {channels} channels cannot lie side by side in it.",
            "Give a picture that was written for this network."));

    /// <summary>A batch of pictures of one size.</summary>
    /// <param name="pictures">Pixels as <see cref="ReadCenter"/> gives them.</param>
    /// <param name="shape">Channels, height and width of each.</param>
    /// <returns>N×C×H×W, 0…1; belongs to the caller's dispose scope.</returns>
    internal static torch.Tensor ToTensor(IReadOnlyList<byte[]> pictures, LayerShape shape)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return ToBytes(pictures, shape).to(torch.ScalarType.Float32).div_(255).MoveToOuterDisposeScope();
    }

    /// <summary>A part of a picture.</summary>
    /// <param name="pixels">Pixels as <see cref="ReadCenter"/> gives them.</param>
    /// <param name="shape">Channels, height and width of the picture.</param>
    /// <param name="patch">The part.</param>
    /// <returns>Its pixels in the same order.</returns>
    internal static byte[] Cut(byte[] pixels, LayerShape shape, ImagePatch patch)
    {
        int depth = Depth(shape.Channels);
        var cut = new byte[patch.Height * patch.Width * depth];
        for (int row = 0; row < patch.Height; row++)
        {
            int from = ((patch.Top + row) * shape.Width + patch.Left) * depth;
            Array.Copy(pixels, from, cut, row * patch.Width * depth, patch.Width * depth);
        }

        return cut;
    }

    /// <summary>What is left of a picture after it was a JPEG file.</summary>
    /// <param name="picture">C×H×W, 0…1.</param>
    /// <param name="quality">1…100. Colours have half the resolution, as is usual.</param>
    /// <returns>C×H×W, 0…1; the caller's.</returns>
    internal static torch.Tensor ThroughJpeg(torch.Tensor picture, int quality)
    {
        int channels = (int)picture.shape[0];
        using MagickImage image = ToImage(picture, null);
        image.Quality = (uint)quality;
        image.Settings.SetDefine(MagickFormat.Jpeg, "sampling-factor", "4:2:0");
        using var decoded = new MagickImage(image.ToByteArray(MagickFormat.Jpeg));
        return SplitTensor(decoded, channels)!;
    }

    /// <summary>Writes a picture, whole or not at all.</summary>
    /// <param name="picture">C×H×W, 0…1: grey for one channel, RGB for three, else the channels side by side in grey.</param>
    /// <param name="path">Path of the file. Its folder is made if need be; a file that is there is replaced.</param>
    /// <param name="format">Format of the file.</param>
    /// <param name="quality">1…100 for the formats that lose something; null for their default.</param>
    /// <param name="facts">What to write into the file beside the pixels.</param>
    /// <param name="alpha">H×W, 0…1, where 0 is transparent; null where all is opaque.</param>
    internal static void Write(
        torch.Tensor picture, string path, PictureFormat format, int? quality, PictureFacts facts, torch.Tensor? alpha = null)
    {
        using MagickImage image = ToImage(picture, alpha);
        WriteImage(image, path, format, quality, facts);
    }

    /// <summary>Writes a picture, whole or not at all.</summary>
    /// <param name="image">The picture; what is written beside the pixels is put into it.</param>
    /// <param name="path">Path of the file. Its folder is made if need be; a file that is there is replaced.</param>
    /// <param name="format">Format of the file.</param>
    /// <param name="quality">1…100 for the formats that lose something; null for their default.</param>
    /// <param name="facts">What to write into the file beside the pixels.</param>
    internal static void WriteImage(MagickImage image, string path, PictureFormat format, int? quality, PictureFacts facts)
    {
        if (quality is { } value)
        {
            image.Quality = (uint)value;
        }

        facts.WriteTo(image, format.ToMagick());
        LeaveDatesOut(image);
        WholeFile.Write(path, stream => image.Write(stream, format.ToMagick()));
    }

    /// <summary>A picture as the bytes of a PNG file that says nothing but its pixels.</summary>
    /// <param name="picture">C×H×W, 0…1: grey for one channel, RGB for three, else the channels side by side in grey.</param>
    internal static byte[] ToPng(torch.Tensor picture)
    {
        using MagickImage image = ToImage(picture, null);
        LeaveDatesOut(image);
        return image.ToByteArray(MagickFormat.Png);
    }

    /// <summary>The pixels of a picture that <see cref="Write"/> wrote, as they stand in the file, and its transparency.</summary>
    /// <param name="image">The picture as it was read; it is changed.</param>
    /// <param name="channels">3 for RGB, otherwise grey, the channels side by side; must fit the width.</param>
    /// <returns>channels×height×width and height×width, 0…1; null where all is opaque. The caller's.</returns>
    internal static (torch.Tensor Picture, torch.Tensor? Transparency) Take(MagickImage image, int channels)
    {
        torch.Tensor? transparency = null;
        if (image.HasAlpha)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using IPixelCollection<byte> pixels = image.GetPixels();
            torch.Tensor alpha = torch.tensor(pixels.ToByteArray("A")!, [image.Height, image.Width]).narrow(1, 0, image.Width * Depth(channels) / channels);
            transparency = alpha.to(torch.ScalarType.Float32).div_(255).MoveToOuterDisposeScope();

            // What is transparent keeps its colour.
            image.Alpha(AlphaAction.Off);
        }

        return (SplitTensor(image, channels)!, transparency);
    }

    /// <summary>Opens a picture file.</summary>
    /// <param name="path">Path of the file, in any format that Magick.NET reads.</param>
    /// <param name="read">Takes from it what is wanted; the picture is disposed then.</param>
    /// <exception cref="CnnVizException">There is no such file, or it is no picture.</exception>
    internal static T Open<T>(string path, Func<MagickImage, T> read)
    {
        try
        {
            // A path would be searched for more than a file's name: a frame in brackets, a format before a colon.
            using FileStream file = File.OpenRead(path);
            using var image = new MagickImage(file);
            return read(image);
        }
        catch (Exception exception) when (exception is MagickException or IOException or UnauthorizedAccessException)
        {
            throw new CnnVizException(
                "PictureUnreadable",
                $"'{path}' cannot be read as a picture: {exception.Message.Split('\n', 2)[0]}",
                "Give a PNG, JPEG, WebP or TIFF file.",
                exception);
        }
    }

    // Dates would make two equal pictures two different files.
    private static void LeaveDatesOut(MagickImage image) => image.Settings.SetDefine("png:exclude-chunks", "date,tIME");

    // Upright, opaque, and in the colours that a network of so many channels sees.
    private static void Normalize(MagickImage image, int channels)
    {
        image.AutoOrient();
        image.ColorSpace = channels == 3 ? ColorSpace.sRGB : ColorSpace.Gray;
        image.Alpha(AlphaAction.Remove);
        image.ResetPage();
    }

    private static byte[] PixelsOf(MagickImage image, int channels)
    {
        using IPixelCollection<byte> pixels = image.GetPixels();
        return pixels.ToByteArray(channels == 3 ? "RGB" : "R")!;
    }

    // C×H×W, 0…1.
    private static torch.Tensor ToTensor(MagickImage image, int channels)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var shape = new LayerShape(channels, (int)image.Height, (int)image.Width, true);
        return ToTensor([PixelsOf(image, channels)], shape)[0].MoveToOuterDisposeScope();
    }

    // The same where channels lie side by side; null where the width cannot be parted.
    private static torch.Tensor? SplitTensor(MagickImage image, int channels)
    {
        Normalize(image, channels);
        int parts = channels / Depth(channels);
        if (image.Width % parts != 0)
        {
            return null;
        }

        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor picture = ToTensor(image, Depth(channels));
        return torch.cat([.. picture.split(picture.shape[2] / parts, 2)], 0).MoveToOuterDisposeScope();
    }

    // N×C×H×W, bytes.
    private static torch.Tensor ToBytes(IReadOnlyList<byte[]> pictures, LayerShape shape)
    {
        byte[] all = pictures is [byte[] one] ? one : Join(pictures);
        torch.Tensor interleaved = torch.tensor(all, [pictures.Count, shape.Height, shape.Width, Depth(shape.Channels)]);
        return interleaved.permute(0, 3, 1, 2).expand(-1, shape.Channels, -1, -1).contiguous();
    }

    private static byte[] Join(IReadOnlyList<byte[]> pictures)
    {
        var all = new byte[pictures.Sum(picture => picture.Length)];
        int at = 0;
        foreach (byte[] picture in pictures)
        {
            picture.CopyTo(all, at);
            at += picture.Length;
        }

        return all;
    }

    // Grey is read as one channel; a network with other channels than RGB's gets it in each.
    private static int Depth(int channels) => channels == 3 ? 3 : 1;

    private static long Margin(int side) => (long)Math.Round(side * 256 / 224.0);

    // The smallest size with the picture's aspect ratio, up to a fraction of a pixel, that covers the wanted one.
    private static (long Height, long Width) CoveringSize(MagickImage image, long height, long width) =>
        height * image.Width >= width * image.Height
            ? (height, height * image.Width / image.Height)
            : (width * image.Height / image.Width, width);

    /// <summary>A picture as Magick has it: grey for one channel, RGB for three, else the channels side by side in grey.</summary>
    /// <param name="picture">C×H×W, 0…1; values beyond are clipped.</param>
    /// <param name="alpha">H×W, 0…1, where 0 is transparent; null where all is opaque.</param>
    internal static MagickImage ToImage(torch.Tensor picture, torch.Tensor? alpha)
    {
        PictureBytes pixels = PictureBytes.Of(picture, alpha);
        var settings = new PixelReadSettings(
            (uint)pixels.Width, (uint)pixels.Height, StorageType.Char, (pixels.Depth == 3 ? "RGB" : "I") + (alpha is null ? string.Empty : "A"));
        var image = new MagickImage();
        image.ReadPixels(pixels.Samples, settings);
        image.ColorSpace = pixels.Depth == 3 ? ColorSpace.sRGB : ColorSpace.Gray;
        return image;
    }
}
