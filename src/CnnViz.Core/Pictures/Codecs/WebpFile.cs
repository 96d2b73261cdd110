using System.Buffers.Binary;
using System.Text;

namespace CnnViz.Pictures.Codecs;

/// <summary>The chunks of a WebP file (RFC 9649).</summary>
internal static class WebpFile
{
    public const byte AnimationFlag = 0x02;
    public const byte ExifFlag = 0x08;
    public const byte AlphaFlag = 0x10;

    // Where a frame's own chunks begin in its chunk.
    private const int FrameHeaderLength = 16;
    private const int FileHeaderLength = 12;

    // A block of 16×16 pixels takes more than two bits, for its modes alone (RFC 6386, 11). Decoders go on with zeros where a file ends.
    private const int LossyPixelsPerByte = 8 / 2 * 16 * 16;

    private static ReadOnlySpan<byte> ExifName => "Exif\0\0"u8;

    /// <summary>What the file says of its picture; of an animation, what it says of its first frame.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static PictureHeader ReadHeader(byte[] file)
    {
        PictureHeader? header = null;
        bool hasAlpha = false;
        int frames = 0;
        foreach ((string type, Range range) in Chunks(file, FileHeaderLength..file.Length))
        {
            ReadOnlySpan<byte> chunk = file.AsSpan(range);
            switch (type)
            {
                case "VP8X" when chunk.Length >= 10:
                    hasAlpha = (chunk[0] & AlphaFlag) != 0;

                    // Decoders make room for this size first.
                    _ = new PictureHeader(UInt24(chunk[7..]) + 1, UInt24(chunk[4..]) + 1).Checked();
                    break;
                case "ANMF":
                    frames++;
                    foreach ((string inner, Range part) in Chunks(file, FramePart(range)))
                    {
                        header ??= ReadBitstream(inner, file.AsSpan(part));
                    }

                    break;
                default:
                    header ??= ReadBitstream(type, chunk);
                    break;
            }
        }

        if (header is null)
        {
            throw new InvalidDataException("it ends before its pixels");
        }

        return header.Checked() with
        {
            HasAlpha = hasAlpha || header.HasAlpha,
            Frames = Math.Max(1, frames),
            Orientation = ReadExif(file) is { } exif ? TagDirectory.TryRead(exif)?.Orientation ?? 1 : 1,
        };
    }

    /// <summary>The file's EXIF profile, or null.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static byte[]? ReadExif(byte[] file)
    {
        foreach ((string type, Range range) in Chunks(file, FileHeaderLength..file.Length))
        {
            if (type == "EXIF")
            {
                // Some writers put the name of JPEG's segment before it.
                return file.AsSpan(range).StartsWith(ExifName) ? file[range][ExifName.Length..] : file[range];
            }
        }

        return null;
    }

    /// <summary>The frames of an animation, each as a file of its own; ImageSharp reads no animations.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static IEnumerable<WebpFrame> Frames(byte[] file)
    {
        foreach ((string type, Range range) in Chunks(file, FileHeaderLength..file.Length))
        {
            if (type != "ANMF")
            {
                continue;
            }

            int at = range.Start.Value;
            yield return new WebpFrame(StillOf(file, FramePart(range)), 2 * UInt24(file.AsSpan(at)), 2 * UInt24(file.AsSpan(at + 3)), UInt24(file.AsSpan(at + 12)));
        }
    }

    /// <summary>The bitstream of a file of one picture, as a frame holds it: its chunk of pixels and, if there is one, that of its transparency.</summary>
    public static byte[] BitstreamOf(byte[] file)
    {
        using var stream = new MemoryStream();
        foreach ((string type, Range range) in Chunks(file, FileHeaderLength..file.Length))
        {
            if (type is "ALPH" or "VP8 " or "VP8L")
            {
                WriteChunk(stream, type, file.AsSpan(range));
            }
        }

        return stream.ToArray();
    }

    /// <summary>Writes a chunk, filled up to an even length.</summary>
    public static void WriteChunk(Stream stream, string type, ReadOnlySpan<byte> data)
    {
        Span<byte> header = stackalloc byte[8];
        Encoding.ASCII.GetBytes(type, header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)data.Length);
        stream.Write(header);
        stream.Write(data);
        if (data.Length % 2 != 0)
        {
            stream.WriteByte(0);
        }
    }

    /// <summary>Puts the header of a file before its chunks.</summary>
    public static byte[] WithHeader(byte[] chunks)
    {
        byte[] file = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8, .. chunks];
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), (uint)(file.Length - 8));
        return file;
    }

    public static void WriteUInt24(Span<byte> to, int value) => (to[0], to[1], to[2]) = ((byte)value, (byte)(value >> 8), (byte)(value >> 16));

    private static byte[] StillOf(byte[] file, Range frame)
    {
        using var stream = new MemoryStream();
        foreach ((string type, Range range) in Chunks(file, frame))
        {
            if (type == "ALPH" && ReadSize(file, frame) is { } size)
            {
                var extended = new byte[10];
                extended[0] = AlphaFlag;
                WriteUInt24(extended.AsSpan(4), (int)size.Width - 1);
                WriteUInt24(extended.AsSpan(7), (int)size.Height - 1);
                WriteChunk(stream, "VP8X", extended);
            }

            if (type is "ALPH" or "VP8 " or "VP8L")
            {
                WriteChunk(stream, type, file.AsSpan(range));
            }
        }

        return WithHeader(stream.ToArray());
    }

    private static PictureHeader? ReadSize(byte[] file, Range frame)
    {
        foreach ((string type, Range range) in Chunks(file, frame))
        {
            if (ReadBitstream(type, file.AsSpan(range)) is { } header)
            {
                return header;
            }
        }

        return null;
    }

    private static PictureHeader? ReadBitstream(string type, ReadOnlySpan<byte> chunk)
    {
        if (type == "VP8 " && chunk.Length >= 10)
        {
            return new PictureHeader(BinaryPrimitives.ReadUInt16LittleEndian(chunk[8..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(chunk[6..]) & 0x3FFF)
                .Checked((long)LossyPixelsPerByte * chunk.Length);
        }

        if (type == "VP8L" && chunk.Length >= 5)
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(chunk[1..]);
            return new PictureHeader(((bits >> 14) & 0x3FFF) + 1, (bits & 0x3FFF) + 1, (bits & (1 << 28)) != 0);
        }

        return null;
    }

    private static Range FramePart(Range frame) =>
        frame.End.Value - frame.Start.Value >= FrameHeaderLength
            ? (frame.Start.Value + FrameHeaderLength)..frame.End
            : throw new InvalidDataException("a frame is damaged");

    private static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);

    private static IEnumerable<(string Type, Range Data)> Chunks(byte[] file, Range part)
    {
        (int at, int end) = (part.Start.Value, part.End.Value);
        while (at + 8 <= end)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 4));
            if (length > end - at - 8)
            {
                throw new InvalidDataException("it ends too early");
            }

            yield return (Encoding.Latin1.GetString(file, at, 4), (at + 8)..(at + 8 + (int)length));
            at += 8 + (int)length + (int)(length % 2);
        }
    }
}

/// <summary>A frame of an animation.</summary>
/// <param name="File">Its picture, as a WebP file.</param>
/// <param name="Left">The column of its first column.</param>
/// <param name="Top">The row of its first row.</param>
/// <param name="Delay">Time that it stands, in milliseconds.</param>
internal sealed record WebpFrame(byte[] File, int Left, int Top, int Delay);
