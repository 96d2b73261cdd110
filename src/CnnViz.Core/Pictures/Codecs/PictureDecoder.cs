using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnViz.Pictures.Codecs;

/// <summary>
/// Pixels out of files that come from strangers. The first bytes say what a file is, and only that decoder sees it; its header is checked before
/// pixels get memory; memory and time are bounded; and whatever a decoder throws becomes one error.
/// </summary>
internal static class PictureDecoder
{
    /// <summary>Larger files are not read.</summary>
    public const int MaxFileLength = 400_000_000;

    private const string Advice = "Give a PNG, JPEG, WebP, TIFF, GIF or BMP file.";

    // Many times what a sound file takes on a slow machine.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longestOfAMillionPixels = TimeSpan.FromSeconds(1);

    // No decoder of ImageSharp's own choice, one thread, and no piece of memory beyond a largest picture's pixels.
    private static readonly Configuration s_configuration = new()
    {
        MaxDegreeOfParallelism = 1,
        MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { MaximumPoolSizeMegabytes = 32, AllocationLimitMegabytes = 256 }),
    };

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="CnnVizException">There is no such file, or it is too large.</exception>
    public static byte[] ReadFile(string path) => Guard(path, () =>
    {
        // A folder, a pipe or a device has no length that could be trusted.
        using FileStream stream = File.OpenRead(path);
        if (stream.Length > MaxFileLength)
        {
            throw new PictureTooLargeException($"has {stream.Length:N0} bytes, and no more than {MaxFileLength / 1_000_000} million are read");
        }

        var file = new byte[stream.Length];
        stream.ReadExactly(file);
        return file;
    });

    /// <summary>What a file says of its picture.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="CnnVizException">It is no picture, or a larger one than is read.</exception>
    public static PictureHeader ReadHeader(byte[] file, string name) => Guard(name, () => HeaderOf(file));

    /// <summary>The picture of a file, upright; the first, where there are several.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="cancellation">Cancels the decoding.</param>
    /// <returns>The pixels with red, green, blue and transparency each.</returns>
    /// <exception cref="CnnVizException">It is no picture, or a larger one than is read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DecodedPicture Decode(byte[] file, string name, CancellationToken cancellation = default) => Guard(name, () =>
    {
        PictureHeader header = HeaderOf(file);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(s_longest + s_longestOfAMillionPixels * (header.Height * header.Width / 1e6));
        try
        {
            return Decode(file, header, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new InvalidDataException("it takes too long");
        }
    });

    private static PictureHeader HeaderOf(byte[] file) => PictureKinds.Of(file) switch
    {
        PictureKind.Png => PngFile.ReadHeader(file),
        PictureKind.Jpeg => JpegFile.ReadHeader(file),
        PictureKind.Webp => WebpFile.ReadHeader(file),
        PictureKind.Tiff => TiffFile.ReadHeader(file),
        PictureKind.Gif => GifFile.ReadHeader(file),
        _ => BmpFile.ReadHeader(file),
    };

    private static DecodedPicture Decode(byte[] file, PictureHeader header, CancellationToken cancellation)
    {
        var samples = header.IsTiled ? new byte[header.Height * header.Width * 4] : [];
        (int height, int width) = ((int)header.Height, (int)header.Width);
        (IImageDecoder decoder, IEnumerable<PicturePiece> pieces) = DecoderOf(file, header);
        foreach (PicturePiece piece in pieces)
        {
            cancellation.ThrowIfCancellationRequested();
            using Image<Rgba32> image = decoder.Decode<Rgba32>(s_configuration, new MemoryStream(piece.File), cancellation);
            if (header.IsTiled)
            {
                Paste(image, samples, height, width, piece);
                continue;
            }

            samples = new byte[image.Width * image.Height * 4];
            image.CopyPixelDataTo(samples);
            (height, width) = (image.Height, image.Width / (header.Pixels == StoredPixels.GreyBesideAlpha ? 2 : 1));
        }

        header.Colours?.ToRgb(samples, height, width);
        (byte[] rgba, height, width) = Orientation.Upright(header.Pixels.ToRgba(samples), height, width, header.Orientation);
        return new DecodedPicture(rgba, height, width, header);
    }

    private static (IImageDecoder Decoder, IEnumerable<PicturePiece> Pieces) DecoderOf(byte[] file, PictureHeader header) => PictureKinds.Of(file) switch
    {
        PictureKind.Png => (new PngDecoder { IgnoreMetadata = true }, [new PicturePiece(PngFile.ForDecoder(file))]),
        PictureKind.Jpeg => (new JpegDecoder { IgnoreMetadata = true }, [new PicturePiece(JpegFile.ForDecoder(file, header))]),
        PictureKind.Webp => (new WebpDecoder { IgnoreMetadata = true }, [new PicturePiece(WebpFile.Frames(file).FirstOrDefault()?.File ?? file)]),
        PictureKind.Tiff => (new TiffDecoder { IgnoreMetadata = true, DecodingMode = FrameDecodingMode.First }, TiffFile.ForDecoder(file, header)),
        PictureKind.Gif => (new GifDecoder { IgnoreMetadata = true, DecodingMode = FrameDecodingMode.First }, [new PicturePiece(file)]),
        _ => (new BmpDecoder(), [new PicturePiece(BmpFile.ForDecoder(file, header))]),
    };

    // Tiles reach beyond the right and the lower edge.
    private static void Paste(Image<Rgba32> tile, byte[] samples, int height, int width, PicturePiece place) => tile.ProcessPixelRows(rows =>
    {
        int count = Math.Min(tile.Width, width - place.Left);
        for (int row = 0; row < Math.Min(tile.Height, height - place.Top); row++)
        {
            MemoryMarshal.AsBytes(rows.GetRowSpan(row)[..count]).CopyTo(samples.AsSpan(((place.Top + row) * width + place.Left) * 4));
        }
    });

    /// <summary>Makes one error of all that can come of reading a file.</summary>
    internal static T Guard<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (PictureTooLargeException exception)
        {
            throw new CnnVizException("PictureTooLarge", $"'{name}' {exception.Message}.", "Make it smaller.", exception);
        }
        catch (Exception exception) when (exception is not (CnnVizException or OperationCanceledException))
        {
            // Decoders check little of what they read, and throw what comes of it.
            bool isOurs = exception is InvalidDataException or IOException or UnauthorizedAccessException or ImageFormatException or NotSupportedException;
            string reason = isOurs ? exception.Message.Split('\n', 2)[0].TrimEnd('.', '\r') : "it is damaged";
            throw new CnnVizException("PictureUnreadable", $"'{name}' cannot be read as a picture: {reason}.", Advice, exception);
        }
    }
}

/// <summary>A picture out of a file.</summary>
/// <param name="Rgba">Height × width × 4: red, green, blue and transparency, of which 0 is transparent.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Header">What the file says of it.</param>
internal sealed record DecodedPicture(byte[] Rgba, int Height, int Width, PictureHeader Header);

/// <summary>A file for a decoder: of the whole picture, or of a part of it.</summary>
/// <param name="File">The file.</param>
/// <param name="Top">The row of its first row.</param>
/// <param name="Left">The column of its first column.</param>
internal sealed record PicturePiece(byte[] File, int Top = 0, int Left = 0);
