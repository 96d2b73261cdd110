using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CnnViz.Pictures.Codecs;

/// <summary>The chunks of a PNG file (PNG specification, third edition, section 5).</summary>
internal static class PngFile
{
    private const int SignatureLength = 8;

    // Deflate makes no more of a byte (zlib, "Maximum Compression Factor").
    private const long MostOfAByte = 1032;

    /// <summary>What the file says of its picture.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static PictureHeader ReadHeader(byte[] file)
    {
        PictureHeader? header = null;
        long bitsOfAPixel = 0;
        long data = 0;
        foreach ((string type, Range range) in Chunks(file))
        {
            ReadOnlySpan<byte> chunk = file.AsSpan(range);
            switch (type)
            {
                case "IHDR" when header is null && chunk.Length == 13:
                    header = new PictureHeader(
                        BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]), BinaryPrimitives.ReadUInt32BigEndian(chunk), chunk[9] is 4 or 6);
                    bitsOfAPixel = BitsOfAPixel(chunk);
                    break;
                case "tRNS" when header is not null:
                    header = header with { HasAlpha = true };
                    break;
                case "eXIf" when header is not null:
                    header = header with { Orientation = TagDirectory.TryRead(file[range])?.Orientation ?? 1 };
                    break;
                case "IDAT":
                    data += chunk.Length;
                    break;
            }
        }

        return header is null || bitsOfAPixel == 0
            ? throw new InvalidDataException("it has no header")
            : header.Checked(data * MostOfAByte * 8 / bitsOfAPixel);
    }

    /// <summary>
    /// The file for ImageSharp, which never ends where an interlaced picture has not all of its rows: so they are counted first.
    /// </summary>
    /// <exception cref="InvalidDataException">Some are missing.</exception>
    public static byte[] ForDecoder(byte[] file)
    {
        byte[] header = file[Chunks(file).First(chunk => chunk.Type == "IHDR").Data];
        if (header[12] == 0)
        {
            return file;
        }

        Range[] parts = [.. Chunks(file).SkipWhile(chunk => chunk.Type != "IDAT").TakeWhile(chunk => chunk.Type == "IDAT").Select(chunk => chunk.Data)];
        using var packed = new MemoryStream();
        foreach (Range part in parts)
        {
            packed.Write(file.AsSpan(part));
        }

        packed.Position = 0;
        using var rows = new ZLibStream(packed, CompressionMode.Decompress);
        long missing = InterlacedLength(header);
        var buffer = new byte[1 << 16];
        while (missing > 0 && rows.Read(buffer, 0, buffer.Length) is > 0 and int count)
        {
            missing -= count;
        }

        bool isInOrder = Chunks(file).Count(chunk => chunk.Type == "IDAT") == parts.Length && parts.All(part => part.End.Value > part.Start.Value);
        return missing <= 0 && isInOrder ? file : throw new InvalidDataException("it ends before its pixels");
    }

    /// <summary>A text of the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="keyword">Its keyword.</param>
    /// <param name="longest">The most characters that are read.</param>
    /// <returns>The text; null where there is none, or a longer one.</returns>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static string? ReadText(byte[] file, string keyword, int longest)
    {
        foreach ((string type, Range range) in Chunks(file))
        {
            ReadOnlySpan<byte> chunk = file.AsSpan(range);
            int end = chunk.IndexOf((byte)0);
            if (type is not ("tEXt" or "zTXt" or "iTXt") || end < 0 || Encoding.Latin1.GetString(chunk[..end]) != keyword)
            {
                continue;
            }

            return type switch
            {
                "tEXt" => Encoding.Latin1.GetString(chunk[(end + 1)..]),
                "zTXt" when chunk.Length >= end + 2 => Inflate(chunk[(end + 2)..], Encoding.Latin1, longest),
                "iTXt" when chunk.Length >= end + 3 => International(chunk[(end + 1)..], longest),
                _ => null,
            };
        }

        return null;
    }

    /// <summary>The file's EXIF profile, or null.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static byte[]? ReadExif(byte[] file)
    {
        foreach ((string type, Range range) in Chunks(file))
        {
            if (type == "eXIf")
            {
                return file[range];
            }
        }

        return null;
    }

    // Bytes of the rows of all seven passes, each behind the number of its filter.
    private static long InterlacedLength(byte[] header)
    {
        (int Row, int Column, int RowStep, int ColumnStep)[] passes =
            [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)];
        long width = BinaryPrimitives.ReadUInt32BigEndian(header);
        long height = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
        long length = 0;
        foreach ((int row, int column, int rowStep, int columnStep) in passes)
        {
            long rows = (height - row + rowStep - 1) / rowStep;
            long columns = (width - column + columnStep - 1) / columnStep;
            length += columns <= 0 ? 0 : Math.Max(0, rows) * (1 + (columns * BitsOfAPixel(header) + 7) / 8);
        }

        return length;
    }

    private static int BitsOfAPixel(ReadOnlySpan<byte> header) => header[8] * header[9] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    // Whether it is compressed, how, a language and the keyword in that language stand before the text.
    private static string? International(ReadOnlySpan<byte> rest, int longest)
    {
        bool isCompressed = rest[0] == 1;
        rest = rest[2..];
        for (int i = 0; i < 2; i++)
        {
            int end = rest.IndexOf((byte)0);
            if (end < 0)
            {
                return null;
            }

            rest = rest[(end + 1)..];
        }

        return isCompressed ? Inflate(rest, Encoding.UTF8, longest) : Encoding.UTF8.GetString(rest);
    }

    private static string? Inflate(ReadOnlySpan<byte> compressed, Encoding encoding, int longest)
    {
        using var reader = new StreamReader(new ZLibStream(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress), encoding);
        var text = new StringBuilder();
        var buffer = new char[4096];
        while (reader.Read(buffer, 0, buffer.Length) is > 0 and int count)
        {
            text.Append(buffer, 0, count);
            if (text.Length > longest)
            {
                return null;
            }
        }

        return text.ToString();
    }

    // What stands behind the last chunk is not looked at.
    private static IEnumerable<(string Type, Range Data)> Chunks(byte[] file)
    {
        int at = SignatureLength;
        while (at + 12L <= file.Length)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12)
            {
                throw new InvalidDataException("it ends too early");
            }

            string type = Encoding.Latin1.GetString(file, at + 4, 4);
            yield return (type, (at + 8)..(at + 8 + (int)length));
            at += (int)length + 12;
            if (type == "IEND")
            {
                yield break;
            }
        }
    }
}
