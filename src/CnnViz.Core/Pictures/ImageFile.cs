using CnnViz.Networks;
using CnnViz.Pictures.Codecs;
using TorchSharp;

namespace CnnViz.Pictures;

/// <summary>Pictures from and to files.</summary>
public static class ImageFile
{
    /// <summary>Reads a picture upright, cut to an aspect ratio around its centre, and resized.</summary>
    /// <param name="path">Path of the file: PNG, JPEG, WebP, TIFF, GIF or BMP.</param>
    /// <param name="channels">1 for grey, otherwise RGB (any further channels repeat the grey value).</param>
    /// <param name="height">Wanted height in pixels.</param>
    /// <param name="width">Wanted width in pixels.</param>
    /// <returns>channels×height×width, 0…1; the caller's.</returns>
    /// <exception cref="CnnVizException">There is no such file, or it is no picture.</exception>
    internal static torch.Tensor Read(string path, int channels, int height, int width)
    {
        PictureBytes picture = PictureFile.Open(path).Decode(Depth(channels));
        double scale = Math.Max((double)height / picture.Height, (double)width / picture.Width);
        (long rows, long columns) = (Math.Max(height, (long)Math.Round(picture.Height * scale)), Math.Max(width, (long)Math.Round(picture.Width * scale)));
        PictureFilter filter = scale > 1 ? PictureFilter.Mitchell : PictureFilter.Lanczos;
        picture = picture.Resize(rows, columns, filter);
        picture = picture.Cut(picture.Height / 2 - height / 2, picture.Width / 2 - width / 2, height, width);
        using DisposeScope scope = torch.NewDisposeScope();
        return ToTensor(picture, channels).MoveToOuterDisposeScope();
    }

    /// <summary>Reads a picture upright, at its own size.</summary>
    /// <param name="path">Path of the file: PNG, JPEG, WebP, TIFF, GIF or BMP.</param>
    /// <param name="channels">3 for RGB, otherwise the grey value, as often as that.</param>
    /// <returns>channels×height×width, bytes; the caller's.</returns>
    /// <exception cref="CnnVizException">There is no such file, or it is no picture.</exception>
    internal static torch.Tensor ReadWhole(string path, int channels) => ReadWhole(PictureFile.Open(path), channels);

    /// <inheritdoc cref="ReadWhole(string, int)" />
    internal static torch.Tensor ReadWhole(PictureFile file, int channels)
    {
        PictureBytes picture = file.Decode(Depth(channels));
        using DisposeScope scope = torch.NewDisposeScope();
        return ToBytes([picture.Samples], new LayerShape(channels, picture.Height, picture.Width, true))[0].MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Reads a picture upright, as classifiers are tested: one of the wanted size as it is, any other resized until its shorter side
    /// is 256/224 of the wanted one (bilinear, antialiased) and cut around its centre (torchvision's evaluation transforms).
    /// </summary>
    /// <param name="path">Path of the file: PNG, JPEG, WebP, TIFF, GIF or BMP.</param>
    /// <param name="channels">3 for RGB, otherwise grey.</param>
    /// <param name="height">Wanted height in pixels.</param>
    /// <param name="width">Wanted width in pixels.</param>
    /// <returns>height×width×3, or height×width for grey; 0…255.</returns>
    /// <exception cref="CnnVizException">There is no such file, or it is no picture.</exception>
    internal static byte[] ReadCenter(string path, int channels, int height, int width) =>
        ReadDetailed(path, channels, height, width, scale: 1).Samples;

    /// <summary>The same in more detail: what of the picture is read, is read at a multiple of the wanted size.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="channels">3 for RGB, otherwise grey.</param>
    /// <param name="height">Wanted height in pixels.</param>
    /// <param name="width">Wanted width in pixels.</param>
    /// <param name="scale">The multiple. Pixels of a picture that has the wanted size become squares.</param>
    /// <exception cref="CnnVizException">There is no such file, or it is no picture.</exception>
    internal static PictureBytes ReadDetailed(string path, int channels, int height, int width, int scale)
    {
        PictureBytes picture = PictureFile.Open(path).Decode(Depth(channels));
        (int tall, int wide) = (height * scale, width * scale);
        if (picture.Height == height && picture.Width == width)
        {
            return picture.Resize(tall, wide, PictureFilter.Nearest);
        }

        (long rows, long columns) = CoveringSize(picture, Margin(height) * scale, Margin(width) * scale);
        picture = picture.Resize(rows, columns, PictureFilter.Triangle);
        return picture.Cut(Half(picture.Height - tall), Half(picture.Width - wide), tall, wide);
    }

    /// <summary>Reads a picture as it was written: upright, pixel by pixel.</summary>
    /// <param name="path">Path of the file: PNG, JPEG, WebP, TIFF, GIF or BMP.</param>
    /// <param name="channels">3 for RGB, otherwise grey, the channels side by side.</param>
    /// <returns>channels×height×width, 0…1; the caller's.</returns>
    /// <exception cref="CnnVizException">There is no such file, it is no picture, or its width is no multiple of the channels'
    /// number.</exception>
    internal static torch.Tensor ReadExact(string path, int channels)
    {
        PictureBytes picture = PictureFile.Open(path).Decode(Depth(channels));
        return SplitTensor(picture, channels) ?? throw new CnnVizException(
            "PictureSizeMismatch",
            $"'{path}' is {picture.Width} pixels wide, so {channels} channels cannot lie side by side in it.",
            "Give a picture that was written for this network.");
    }

    /// <summary>A batch of pictures of one size.</summary>
    /// <param name="pictures">Pixels as <see cref="ReadCenter"/> gives them.</param>
    /// <param name="shape">Channels, height and width of each.</param>
    /// <returns>N×C×H×W, 0…1; belongs to the caller's dispose scope.</returns>
    internal static torch.Tensor ToTensor(IReadOnlyList<byte[]> pictures, LayerShape shape)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return Planes(torch.tensor(Values(Join(pictures)), Interleaved(pictures.Count, shape)), shape).MoveToOuterDisposeScope();
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
        byte[] file = PictureEncoder.ToCommonJpeg(PictureBytes.Of(picture), quality);
        return SplitTensor(new PictureFile(file, "a JPEG file").Decode(Depth(channels)), channels)!;
    }

    /// <summary>Writes a picture, whole or not at all.</summary>
    /// <param name="picture">C×H×W, 0…1: grey for one channel, RGB for three, else the channels side by side in grey.</param>
    /// <param name="path">Path of the file. Its folder is made if need be; a file that is there is replaced.</param>
    /// <param name="format">Format of the file.</param>
    /// <param name="quality">1…100 for the formats that lose something; null for their default.</param>
    /// <param name="facts">What to write into the file beside the pixels.</param>
    /// <param name="alpha">H×W, 0…1, where 0 is transparent; null where all is opaque.</param>
    /// <param name="cancellation">Stops at the next piece of the file.</param>
    internal static void Write(
        torch.Tensor picture,
        string path,
        PictureFormat format,
        int? quality,
        PictureFacts facts,
        torch.Tensor? alpha = null,
        CancellationToken cancellation = default) =>
        Write(PictureBytes.Of(picture, alpha), path, format, quality, facts, cancellation);

    /// <summary>Writes a picture, whole or not at all.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="path">Path of the file. Its folder is made if need be; a file that is there is replaced.</param>
    /// <param name="format">Format of the file.</param>
    /// <param name="quality">1…100 for the formats that lose something; null for their default.</param>
    /// <param name="facts">What to write into the file beside the pixels.</param>
    /// <param name="cancellation">Stops at the next piece of the file.</param>
    /// <exception cref="CnnVizException">Files of the format cannot be so large, or the file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; there is no file then.</exception>
    internal static void Write(
        PictureBytes picture, string path, PictureFormat format, int? quality, PictureFacts facts, CancellationToken cancellation = default)
    {
        if (Math.Max(picture.Height, picture.Width) > format.LongestSide())
        {
            throw new CnnVizException(
                "PictureTooLarge",
                $"The picture has {picture.Height}×{picture.Width} pixels, and a side of a {format} file has no more than {format.LongestSide()}.",
                "Make it smaller, or choose another -Format.");
        }

        WholeFile.Write(path, stream => PictureEncoder.Write(stream, picture, format, quality, facts), cancellation);
    }

    /// <summary>A picture as the bytes of a file.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="format">Format of the file.</param>
    /// <param name="quality">1…100 for the formats that lose something; null for their default.</param>
    /// <param name="facts">What to write into the file beside the pixels, or null.</param>
    internal static byte[] ToFile(PictureBytes picture, PictureFormat format, int? quality, PictureFacts? facts = null) =>
        PictureEncoder.ToFile(picture, format, quality, facts);

    /// <summary>A picture as the bytes of a PNG file that says nothing but its pixels.</summary>
    /// <param name="picture">C×H×W, 0…1: grey for one channel, RGB for three, else the channels side by side in grey.</param>
    internal static byte[] ToPng(torch.Tensor picture) => PictureEncoder.ToFile(PictureBytes.Of(picture), PictureFormat.Png);

    /// <summary>The pixels of a picture that was written here, as they stand in the file, and its transparency.</summary>
    /// <param name="picture">The picture as it was decoded; what is transparent keeps its colour.</param>
    /// <param name="channels">3 for RGB, otherwise grey, the channels side by side; must fit the width.</param>
    /// <returns>channels×height×width and height×width, 0…1; null where all is opaque. The caller's.</returns>
    internal static (torch.Tensor Picture, torch.Tensor? Transparency) Take(PictureBytes picture, int channels)
    {
        torch.Tensor? transparency = null;
        if (picture.Alpha is { } samples)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor alpha = torch.tensor(Values(samples), [picture.Height, picture.Width]);
            transparency = alpha.narrow(1, 0, picture.Width * Depth(channels) / channels).contiguous().MoveToOuterDisposeScope();
        }

        PictureBytes opaque = picture.WithoutAlpha();
        return (SplitTensor(Depth(channels) == 1 ? opaque.ToGrey() : opaque, channels)!, transparency);
    }

    // C×H×W, 0…1.
    private static torch.Tensor ToTensor(PictureBytes picture, int channels) =>
        ToTensor([picture.Samples], new LayerShape(channels, picture.Height, picture.Width, true))[0];

    // The same where channels lie side by side; null where the width cannot be parted.
    private static torch.Tensor? SplitTensor(PictureBytes picture, int channels)
    {
        int parts = channels / Depth(channels);
        if (picture.Width % parts != 0)
        {
            return null;
        }

        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor whole = ToTensor(picture, Depth(channels));
        return torch.cat([.. whole.split(whole.shape[2] / parts, 2)], 0).MoveToOuterDisposeScope();
    }

    // N×C×H×W, bytes.
    private static torch.Tensor ToBytes(IReadOnlyList<byte[]> pictures, LayerShape shape) =>
        Planes(torch.tensor(Join(pictures), Interleaved(pictures.Count, shape)), shape);

    private static long[] Interleaved(int count, LayerShape shape) => [count, shape.Height, shape.Width, Depth(shape.Channels)];

    private static torch.Tensor Planes(torch.Tensor interleaved, LayerShape shape) =>
        interleaved.permute(0, 3, 1, 2).expand(-1, shape.Channels, -1, -1).contiguous();

    // Divided here and not by libtorch, as in PictureBytes: numbers that TorchSharp hands to libtorch may be freed too soon.
    private static float[] Values(byte[] samples) => Array.ConvertAll(samples, value => value / 255f);

    private static byte[] Join(IReadOnlyList<byte[]> pictures)
    {
        if (pictures is [byte[] one])
        {
            return one;
        }

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
    private static (long Height, long Width) CoveringSize(PictureBytes picture, long height, long width) =>
        height * picture.Width >= width * picture.Height
            ? (height, height * picture.Width / picture.Height)
            : (width * picture.Height / picture.Width, width);

    private static int Half(int side) => (int)Math.Round(side / 2.0);
}
