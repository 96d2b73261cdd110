using System.Text;
using static System.Buffers.Binary.BinaryPrimitives;

namespace CnnViz.Import.PyTorch;

/// <summary>
/// Reads the directory of a zip archive (PKWARE's APPNOTE, 4.3.12 to 4.3.16). Stricter than the framework's reader: no two members
/// of one name, none that lies within another, and no size that is not within the file.
/// </summary>
internal static class ZipDirectory
{
    private const int EndBytes = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int LocatorBytes = 20;
    private const int End64Bytes = 56;
    private const int EntryBytes = 46;
    private const int LargestDirectory = 8 << 20;

    /// <summary>Reads it.</summary>
    /// <exception cref="ModelFormatException">It is missing or damaged.</exception>
    public static IReadOnlyDictionary<string, ZipEntry> Read(WeightFile file)
    {
        (long begin, long length) = Locate(file);
        if (length > LargestDirectory)
        {
            throw file.TooLarge($"its zip directory has {length} bytes");
        }

        var entries = new Dictionary<string, ZipEntry>(StringComparer.Ordinal);
        ReadOnlySpan<byte> left = file.Read(begin, (int)length);
        while (!left.IsEmpty)
        {
            ZipEntry entry = ReadEntry(file, begin, ref left);
            if (!entries.TryAdd(entry.Name, entry))
            {
                throw file.Damaged($"two members of its zip archive have the name {WeightFile.Quote(entry.Name)}");
            }
        }

        ThrowIfOverlapping(file, entries.Values);
        return entries;
    }

    // Bytes that many members share are a small file that unpacks to a large one.
    private static void ThrowIfOverlapping(WeightFile file, IEnumerable<ZipEntry> entries)
    {
        ZipEntry? last = null;
        foreach (ZipEntry entry in entries.OrderBy(entry => entry.Header))
        {
            if (last is not null && last.StoredLength > entry.Header - last.Header)
            {
                throw file.Damaged($"its members {WeightFile.Quote(last.Name)} and {WeightFile.Quote(entry.Name)} lie in one another");
            }

            last = entry;
        }
    }

    private static (long Begin, long Length) Locate(WeightFile file)
    {
        int count = (int)Math.Min(file.Length, EndBytes + LongestComment);
        byte[] tail = file.Read(file.Length - count, count);
        for (int i = count - EndBytes; i >= 0; i--)
        {
            ReadOnlySpan<byte> end = tail.AsSpan(i);
            if (end.StartsWith("PK\x05\x06"u8) && ReadUInt16LittleEndian(end[20..]) == end.Length - EndBytes)
            {
                return Locate(file, end, file.Length - end.Length);
            }
        }

        throw file.Damaged("its zip directory is missing, as if the file were cut");
    }

    private static (long Begin, long Length) Locate(WeightFile file, ReadOnlySpan<byte> end, long position)
    {
        ulong length = ReadUInt32LittleEndian(end[12..]);
        ulong begin = ReadUInt32LittleEndian(end[16..]);
        if (length == uint.MaxValue || begin == uint.MaxValue)
        {
            ReadOnlySpan<byte> locator = file.Read(position - LocatorBytes, LocatorBytes);
            ulong place = ReadUInt64LittleEndian(locator[8..]);
            if (!locator.StartsWith("PK\x06\x07"u8) || place > (ulong)position)
            {
                throw file.Damaged("its zip directory is missing");
            }

            ReadOnlySpan<byte> end64 = file.Read((long)place, End64Bytes);
            length = ReadUInt64LittleEndian(end64[40..]);
            begin = ReadUInt64LittleEndian(end64[48..]);
            if (!end64.StartsWith("PK\x06\x06"u8))
            {
                throw file.Damaged("its zip directory is missing");
            }
        }

        return begin <= (ulong)position && length <= (ulong)position - begin
            ? ((long)begin, (long)length)
            : throw file.Damaged("its zip directory is not within the file");
    }

    private static ZipEntry ReadEntry(WeightFile file, long limit, ref ReadOnlySpan<byte> left)
    {
        if (left.Length < EntryBytes || !left.StartsWith("PK\x01\x02"u8))
        {
            throw file.Damaged("its zip directory has what is no member");
        }

        int nameLength = ReadUInt16LittleEndian(left[28..]);
        int extraLength = ReadUInt16LittleEndian(left[30..]);
        int whole = EntryBytes + nameLength + extraLength + ReadUInt16LittleEndian(left[32..]);
        if (left.Length < whole)
        {
            throw file.Damaged("its zip directory is cut");
        }

        ReadOnlySpan<byte> wide = FindWideFields(left.Slice(EntryBytes + nameLength, extraLength));
        long length = ReadSize(file, left[24..], ref wide);
        long storedLength = ReadSize(file, left[20..], ref wide);
        var entry = new ZipEntry(
            Encoding.UTF8.GetString(left.Slice(EntryBytes, nameLength)),
            ReadUInt16LittleEndian(left[10..]),
            (left[8] & 1) != 0,
            ReadUInt32LittleEndian(left[16..]),
            storedLength,
            length,
            ReadSize(file, left[42..], ref wide),
            limit);
        left = left[whole..];
        return entry;
    }

    // The extra field 1 has the sizes that 32 bits cannot hold, in the order of length, stored length, place of the header.
    private static ReadOnlySpan<byte> FindWideFields(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int length = Math.Min(ReadUInt16LittleEndian(extra[2..]), extra.Length - 4);
            if (ReadUInt16LittleEndian(extra) == 1)
            {
                return extra.Slice(4, length);
            }

            extra = extra[(4 + length)..];
        }

        return [];
    }

    private static long ReadSize(WeightFile file, ReadOnlySpan<byte> field, ref ReadOnlySpan<byte> wide)
    {
        ulong size = ReadUInt32LittleEndian(field);
        if (size == uint.MaxValue)
        {
            if (wide.Length < 8)
            {
                throw file.Damaged("its zip directory lacks a size");
            }

            size = ReadUInt64LittleEndian(wide);
            wide = wide[8..];
        }

        return size <= long.MaxValue ? (long)size : throw file.Damaged("its zip directory has an impossible size");
    }
}
