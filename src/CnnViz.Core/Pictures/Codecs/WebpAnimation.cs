using System.Buffers.Binary;

namespace CnnViz.Pictures.Codecs;

/// <summary>
/// Animated WebP files (RFC 9649). ImageSharp 2.1 writes pictures that stand still; their bitstreams are put into the chunks of an animation
/// here. A frame holds the rectangle around what has changed; at quality 100 it is exact.
/// </summary>
internal static class WebpAnimation
{
    // Frames begin at even rows and columns.
    private const int Grid = 2;

    private const int LongestDelay = (1 << 24) - 1;
    private const byte NoBlending = 0x02;

    /// <summary>Writes a file.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="frames">The frames, RGB, all of one size.</param>
    /// <param name="delays">Time that each stands, in milliseconds.</param>
    /// <param name="loops">How often they are shown; 0 for without end.</param>
    /// <param name="quality">1…100.</param>
    /// <param name="facts">What to write beside the pixels.</param>
    /// <param name="written">Called after each frame; or null.</param>
    public static void Write(
        Stream stream,
        IReadOnlyList<PictureBytes> frames,
        IReadOnlyList<int> delays,
        int loops,
        int quality,
        PictureFacts facts,
        Action? written = null)
    {
        using var chunks = new MemoryStream();
        WebpFile.WriteChunk(chunks, "VP8X", Canvas(frames[0].Width, frames[0].Height));

        // Four bytes of a background's colour, then the loops.
        var animation = new byte[6];
        animation.AsSpan(0, 4).Fill(255);
        BinaryPrimitives.WriteUInt16LittleEndian(animation.AsSpan(4), (ushort)Math.Min(loops, ushort.MaxValue));
        WebpFile.WriteChunk(chunks, "ANIM", animation);
        PictureBytes? last = null;
        foreach ((PictureBytes frame, int delay) in frames.Zip(delays))
        {
            (int top, int left, int height, int width) = ChangedArea.Of(last, frame, Grid);
            PictureBytes part = frame.Cut(top, left, height, width);
            byte[] file = PictureEncoder.ToFile(part, PictureFormat.Webp, quality);
            WebpFile.WriteChunk(chunks, "ANMF", [.. Place(top, left, height, width, delay), .. WebpFile.BitstreamOf(file)]);
            last = frame;
            written?.Invoke();
        }

        WebpFile.WriteChunk(chunks, "EXIF", PictureEncoder.ExifOf(facts).ToByteArray());
        stream.Write(WebpFile.WithHeader(chunks.ToArray()));
    }

    private static byte[] Canvas(int width, int height)
    {
        var header = new byte[10];
        header[0] = WebpFile.AnimationFlag | WebpFile.ExifFlag;
        WebpFile.WriteUInt24(header.AsSpan(4), width - 1);
        WebpFile.WriteUInt24(header.AsSpan(7), height - 1);
        return header;
    }

    private static byte[] Place(int top, int left, int height, int width, int delay)
    {
        var header = new byte[16];
        WebpFile.WriteUInt24(header, left / Grid);
        WebpFile.WriteUInt24(header.AsSpan(3), top / Grid);
        WebpFile.WriteUInt24(header.AsSpan(6), width - 1);
        WebpFile.WriteUInt24(header.AsSpan(9), height - 1);
        WebpFile.WriteUInt24(header.AsSpan(12), Math.Clamp(delay, 0, LongestDelay));
        header[15] = NoBlending;
        return header;
    }
}
