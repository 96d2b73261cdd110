using System.Buffers.Binary;

namespace CnnViz.Pictures.Codecs;

/// <summary>The segments of a JPEG file (ITU-T T.81, annex B).</summary>
internal static class JpegFile
{
    // Blocks of 8×8 take at least one bit each, and colours may have a fourth of the resolution both ways.
    private const long MostPixelsOfAByte = 64 * 8 * 4;

    // Progressive files have about ten scans. Each goes over the whole picture, however short it is.
    private const int MostScans = 100;

    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;
    private const byte JfifSegment = 0xE0;
    private const byte ExifSegment = 0xE1;
    private const byte AdobeSegment = 0xEE;
    private const byte Comment = 0xFE;

    private static ReadOnlySpan<byte> ExifName => "Exif\0\0"u8;

    /// <summary>What the file says of its picture.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static PictureHeader ReadHeader(byte[] file)
    {
        PictureHeader? header = null;
        int scans = 0;
        bool hasJfif = false;
        int? adobe = null;
        bool hasRgbNames = false;
        foreach ((byte marker, Range range) in Segments(file))
        {
            scans += marker == StartOfScan ? 1 : 0;
            bool isAdobe = marker == AdobeSegment && file.AsSpan(range).StartsWith("Adobe"u8) && range.End.Value - range.Start.Value >= 12;
            (hasJfif, adobe) = (hasJfif || (marker == JfifSegment && file.AsSpan(range).StartsWith("JFIF"u8)), isAdobe ? file[range.Start.Value + 11] : adobe);
            if (marker is 0xC0 or 0xC1 or 0xC2)
            {
                header = header is null ? ReadFrame(file.AsSpan(range)) : throw new InvalidDataException("it has two frames");
                hasRgbNames = HasRgbNames(file.AsSpan(range));
            }
            else if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                throw new InvalidDataException("it is lossless, hierarchical or arithmetically coded, which is not read");
            }
        }

        if (header is null || scans == 0)
        {
            throw new InvalidDataException("it ends before its pixels");
        }

        if (scans > MostScans)
        {
            throw new InvalidDataException($"it has {scans} scans");
        }

        return header.Checked(file.Length * MostPixelsOfAByte) with
        {
            Orientation = ReadExif(file) is { } exif ? TagDirectory.TryRead(exif)?.Orientation ?? 1 : 1,

            // As libjpeg decides it.
            Colours = hasJfif || !(adobe is null ? hasRgbNames : adobe == 0) ? header.Colours : null,
        };
    }

    /// <summary>
    /// The same file without what is not needed to decode its picture. One of three channels says that they are red, green and blue, so that
    /// ImageSharp gives them out as they are: it would enlarge colours by repeating them, which shows (<see cref="JpegColours"/>).
    /// </summary>
    public static byte[] ForDecoder(byte[] file, PictureHeader header)
    {
        using var stream = new MemoryStream(file.Length);
        stream.Write(file, 0, 2);
        if (header.Colours is not null)
        {
            stream.Write([0xFF, AdobeSegment, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]);
        }

        int kept = 2;
        foreach ((byte marker, Range range) in Segments(file))
        {
            bool isNeeded = marker is < JfifSegment or > 0xEF and not Comment || (marker == AdobeSegment && header.Colours is null);
            if (!isNeeded)
            {
                int start = range.Start.Value - 4;
                stream.Write(file, kept, start - kept);
                kept = range.End.Value;
            }
        }

        stream.Write(file, kept, file.Length - kept);
        return stream.ToArray();
    }

    /// <summary>The file's EXIF profile, or null. One of more than 64 kB stands in several segments.</summary>
    public static byte[]? ReadExif(byte[] file)
    {
        var profile = new List<byte>();
        foreach ((byte marker, Range range) in Segments(file))
        {
            if (marker == ExifSegment && file.AsSpan(range).StartsWith(ExifName))
            {
                profile.AddRange(file.AsSpan(range)[ExifName.Length..]);
            }
            else if (marker == StartOfScan)
            {
                break;
            }
        }

        return profile.Count == 0 ? null : [.. profile];
    }

    private static PictureHeader ReadFrame(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 6 || segment.Length < 6 + 3 * segment[5] || segment[5] is not (1 or 3 or 4))
        {
            throw new InvalidDataException("its header is damaged");
        }

        int components = segment[5];
        for (int i = 0; i < components; i++)
        {
            if (segment[7 + 3 * i] >> 4 is < 1 or > 4 || (segment[7 + 3 * i] & 15) is < 1 or > 4)
            {
                throw new InvalidDataException("its header is damaged");
            }
        }

        return new PictureHeader(BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]))
        {
            Colours = components == 3 ? new JpegColours(segment[7], segment[10], segment[13]) : null,
        };
    }

    private static bool HasRgbNames(ReadOnlySpan<byte> segment) =>
        segment[5] == 3 && segment[6] == (byte)'R' && segment[9] == (byte)'G' && segment[12] == (byte)'B';

    // All segments with a length; the entropy-coded data between them is passed over.
    private static IEnumerable<(byte Marker, Range Data)> Segments(byte[] file)
    {
        int at = 2;
        while (at + 4 <= file.Length)
        {
            byte marker = file[at + 1];
            if (file[at] != 0xFF || marker is 0xFF or 0 or (>= 0xD0 and <= 0xD8) or 1)
            {
                at++;
                continue;
            }

            if (marker == EndOfImage)
            {
                yield break;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2));
            if (length < 2 || at + 2 + length > file.Length)
            {
                throw new InvalidDataException("it ends too early");
            }

            yield return (marker, (at + 4)..(at + 2 + length));
            at += 2 + length;
        }
    }
}
