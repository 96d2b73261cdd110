using System.Buffers.Binary;

namespace CnnViz.Pictures.Codecs;

/// <summary>The header of a BMP file (BITMAPFILEHEADER and what follows it).</summary>
internal static class BmpFile
{
    private const int FileHeaderLength = 14;
    private const int OldHeaderLength = 12;
    private const int RunsOfBytes = 1;
    private const int RunsOfHalves = 2;

    /// <summary>What the file says of its picture.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static PictureHeader ReadHeader(byte[] file)
    {
        if (file.Length < FileHeaderLength + OldHeaderLength)
        {
            throw new InvalidDataException("it ends too early");
        }

        ReadOnlySpan<byte> header = file.AsSpan(FileHeaderLength);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        bool isOld = length == OldHeaderLength;
        if (!isOld && (length is < 16 or > 1024 || header.Length < Math.Max(length, 20)))
        {
            throw new InvalidDataException("its header is damaged");
        }

        long width = isOld ? BinaryPrimitives.ReadUInt16LittleEndian(header[4..]) : BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        long height = isOld ? BinaryPrimitives.ReadInt16LittleEndian(header[6..]) : BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(header[(isOld ? 10 : 14)..]);
        bool isCompressed = !isOld && BinaryPrimitives.ReadUInt32LittleEndian(header[16..]) is 1 or 2 or 4;
        if (bits is not (1 or 2 or 4 or 8 or 16 or 24 or 32))
        {
            throw new InvalidDataException($"it has {bits} bits a pixel");
        }

        // Rows from the top down have a negative height. A run of 255 pixels takes two bytes, and skipped rows none.
        return new PictureHeader(Math.Abs(height), width).Checked(isCompressed ? long.MaxValue : file.Length * 8L / bits);
    }

    /// <summary>
    /// The same file for ImageSharp: one whose rows are coded as runs of equal pixels has its pixels one by one then. ImageSharp lets a run that is
    /// longer than its row go on in the next one, and there are programs that write such.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static byte[] ForDecoder(byte[] file, PictureHeader picture)
    {
        ReadOnlySpan<byte> header = file.AsSpan(FileHeaderLength);
        int bits = file.Length >= 34 ? BinaryPrimitives.ReadUInt16LittleEndian(header[14..]) : 0;
        uint coding = bits == 0 || header[0] == OldHeaderLength ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(header[16..]);
        if (!(coding == RunsOfBytes && bits == 8) && !(coding == RunsOfHalves && bits == 4))
        {
            return file;
        }

        uint start = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(10));
        if (start > file.Length || start < FileHeaderLength + 40)
        {
            throw new InvalidDataException("its header is damaged");
        }

        (int height, int width) = ((int)picture.Height, (int)picture.Width);
        int stride = (width + 3) / 4 * 4;
        var plain = new byte[start + (long)height * stride];
        file.AsSpan(0, (int)start).CopyTo(plain);
        Span<byte> newHeader = plain.AsSpan(FileHeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(newHeader[14..], 8);
        BinaryPrimitives.WriteUInt32LittleEndian(newHeader[16..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(newHeader[20..], 0);
        if (bits == 4 && BinaryPrimitives.ReadUInt32LittleEndian(header[32..]) == 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(newHeader[32..], 16);
        }

        Expand(file.AsSpan((int)start), plain.AsSpan((int)start), height, width, stride, bits == 4);
        return plain;
    }

    // What no run says stays the first colour.
    private static void Expand(ReadOnlySpan<byte> runs, Span<byte> pixels, int height, int width, int stride, bool isHalves)
    {
        (int at, int row, int column) = (0, 0, 0);
        while (at + 2 <= runs.Length && row < height)
        {
            (int count, int value) = (runs[at], runs[at + 1]);
            at += 2;
            if (count == 0 && value <= 2)
            {
                if (value == 1 || (value == 2 && at + 2 > runs.Length))
                {
                    return;
                }

                (row, column) = value == 0 ? (row + 1, 0) : (row + runs[at + 1], column + runs[at]);
                at += value;
                continue;
            }

            int pixelCount = count == 0 ? value : count;
            int bytes = count == 0 ? isHalves ? (value + 1) / 2 : value : 0;
            for (int i = 0; i < pixelCount; i++, column++)
            {
                int from = at + (isHalves ? i / 2 : i);
                int pair = count > 0 ? value : from < runs.Length ? runs[from] : 0;
                if (column < width)
                {
                    pixels[row * stride + column] = (byte)(!isHalves ? pair : i % 2 == 0 ? pair >> 4 : pair & 15);
                }
            }

            at += bytes + bytes % 2;
        }
    }
}
