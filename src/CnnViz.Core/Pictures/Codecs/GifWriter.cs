using System.Text;

namespace CnnViz.Pictures.Codecs;

/// <summary>
/// Animated GIF files (GIF89a specification). All frames share one table of colours, and a frame holds what has changed: the rectangle around
/// it, in which unchanged pixels are transparent. ImageSharp 2.1 takes the colours of the first frame for all, and keeps whole frames.
/// </summary>
internal static class GifWriter
{
    // Number of the colour that leaves a pixel as it was.
    private const int Unchanged = 255;

    private const int CodeBits = 8;
    private const int ClearCode = 1 << CodeBits;
    private const int EndCode = ClearCode + 1;
    private const int MostCodes = 1 << 12;
    private const int LongestPart = 255;

    /// <summary>The most colours that the frames can have together.</summary>
    public const int MostColours = Unchanged;

    /// <summary>Writes a file.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="frames">The frames, all of one size.</param>
    /// <param name="delays">Time that each stands, in milliseconds; GIF files count in hundredths of a second.</param>
    /// <param name="loops">How often they are shown; 0 for without end.</param>
    /// <param name="comment">What to write beside the pixels.</param>
    /// <param name="written">Called after each frame; or null.</param>
    public static void Write(
        Stream stream, IReadOnlyList<PictureBytes> frames, IReadOnlyList<int> delays, int loops, string comment, Action? written = null)
    {
        ColourTable colours = ColourTable.Of(frames, MostColours);
        using var writer = new BinaryWriter(stream, Encoding.Latin1, leaveOpen: true);
        writer.Write("GIF89a"u8);
        WriteSize(writer, frames[0].Width, frames[0].Height);
        writer.Write([0xF7, 0, 0]);
        for (int i = 0; i <= Unchanged; i++)
        {
            int colour = i < colours.Colours.Length ? colours.Colours[i] : 0;
            writer.Write([(byte)(colour >> 16), (byte)(colour >> 8), (byte)colour]);
        }

        if (loops != 1)
        {
            // How often it is shown again.
            writer.Write([0x21, 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1]);
            writer.Write((ushort)Math.Max(0, loops - 1));
            writer.Write((byte)0);
        }

        writer.Write([0x21, 0xFE]);
        WriteParts(writer, Encoding.Latin1.GetBytes(comment));
        PictureBytes? last = null;
        foreach ((PictureBytes frame, int delay) in frames.Zip(delays))
        {
            WriteFrame(writer, frame, last, colours, delay);
            last = frame;
            written?.Invoke();
        }

        writer.Write((byte)0x3B);
    }

    private static void WriteFrame(BinaryWriter writer, PictureBytes frame, PictureBytes? last, ColourTable colours, int delay)
    {
        (int top, int left, int height, int width) = ChangedArea.Of(last, frame, 1);
        writer.Write([0x21, 0xF9, 4, 0x05]);
        writer.Write((ushort)Math.Clamp((delay + 5) / 10, 0, ushort.MaxValue));
        writer.Write([Unchanged, 0, 0x2C]);
        WriteSize(writer, left, top);
        WriteSize(writer, width, height);
        writer.Write([(byte)0, CodeBits]);
        var numbers = new byte[height * width];
        for (int i = 0; i < numbers.Length; i++)
        {
            int at = ((top + i / width) * frame.Width + left + i % width) * 3;
            ReadOnlySpan<byte> pixel = frame.Samples.AsSpan(at, 3);
            numbers[i] = last is not null && pixel.SequenceEqual(last.Samples.AsSpan(at, 3))
                ? (byte)Unchanged
                : colours.Nearest(pixel[0], pixel[1], pixel[2]);
        }

        WriteParts(writer, Compress(numbers));
    }

    private static void WriteSize(BinaryWriter writer, int width, int height)
    {
        writer.Write((ushort)width);
        writer.Write((ushort)height);
    }

    private static void WriteParts(BinaryWriter writer, byte[] data)
    {
        foreach (byte[] part in data.Chunk(LongestPart))
        {
            writer.Write((byte)part.Length);
            writer.Write(part);
        }

        writer.Write((byte)0);
    }

    // Lempel, Ziv and Welch: a code for each run that has been seen before, in as many bits as the newest one takes.
    private static byte[] Compress(byte[] numbers)
    {
        var output = new List<byte>(numbers.Length);
        var codes = new Dictionary<int, int>();
        (int pending, int pendingBits) = (0, 0);
        (int bits, int next) = (CodeBits + 1, EndCode + 1);
        void Put(int code)
        {
            pending |= code << pendingBits;
            for (pendingBits += bits; pendingBits >= 8; pendingBits -= 8, pending >>= 8)
            {
                output.Add((byte)pending);
            }
        }

        Put(ClearCode);
        int run = numbers[0];
        foreach (byte number in numbers.AsSpan(1))
        {
            if (codes.TryGetValue((run << 8) | number, out int longer))
            {
                run = longer;
                continue;
            }

            Put(run);
            codes[(run << 8) | number] = next++;
            if (next > 1 << bits)
            {
                bits++;
            }

            if (next == MostCodes)
            {
                Put(ClearCode);
                codes.Clear();
                (bits, next) = (CodeBits + 1, EndCode + 1);
            }

            run = number;
        }

        Put(run);
        if (next == 1 << bits && bits < 12)
        {
            bits++;
        }

        Put(EndCode);
        if (pendingBits > 0)
        {
            output.Add((byte)pending);
        }

        return [.. output];
    }
}
