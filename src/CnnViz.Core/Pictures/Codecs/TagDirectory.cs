using System.Buffers.Binary;
using System.Text;

namespace CnnViz.Pictures.Codecs;

/// <summary>
/// The first directory of a TIFF file or of an EXIF profile, which has the same form (TIFF 6.0, section 2; BigTIFF has longer numbers). Nothing
/// in it is trusted.
/// </summary>
internal sealed class TagDirectory
{
    public const int ImageDescription = 270;
    public const int OrientationTag = 274;

    private readonly byte[] _file;
    private readonly Dictionary<int, Entry> _entries = [];

    private TagDirectory(byte[] file)
    {
        _file = file;
        IsBigEndian = file.AsSpan().StartsWith("MM"u8);
        bool isBig = UInt16(2) == 43;
        if (UInt16(2) != 42 && !isBig)
        {
            throw new InvalidDataException("it has no directory");
        }

        (int numberSize, int entrySize) = isBig ? (8, 20) : (4, 12);
        long start = isBig ? UInt64(8) : UInt32(4);
        long count = isBig ? UInt64(start) : UInt16(start);
        long first = start + (isBig ? 8 : 2);
        if (start < 8 || count < 0 || count > (file.Length - first - numberSize) / entrySize)
        {
            throw new InvalidDataException("its directory is damaged");
        }

        for (int i = 0; i < count; i++)
        {
            long at = first + i * entrySize;
            long values = isBig ? UInt64(at + 4) : UInt32(at + 4);
            int size = SizeOf(UInt16(at + 2));
            long field = at + entrySize - numberSize;
            long place = values <= numberSize / size ? field : isBig ? UInt64(field) : UInt32(field);
            _entries.TryAdd(UInt16(at), new Entry(at, UInt16(at + 2), values, place));
        }

        (EntrySize, NextPlace, NumberSize) = (entrySize, first + count * entrySize, numberSize);
    }

    public bool IsBigEndian { get; }

    /// <summary>Where the place of the next directory stands.</summary>
    public long NextPlace { get; }

    /// <summary>Bytes of an entry.</summary>
    public int EntrySize { get; }

    /// <summary>Bytes of a place in the file.</summary>
    public int NumberSize { get; }

    /// <summary>The tags that there are, each with the place of its entry.</summary>
    public IEnumerable<(int Tag, long Place)> Tags => _entries.Select(entry => (entry.Key, entry.Value.Start));

    /// <summary>How to turn the picture upright: 1…8.</summary>
    public int Orientation => Number(OrientationTag) is >= 1 and <= 8 and { } value ? (int)value : 1;

    /// <summary>Reads the directory.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static TagDirectory Read(byte[] file) => new(file);

    /// <summary>Reads the directory; null where it is damaged.</summary>
    public static TagDirectory? TryRead(byte[] file)
    {
        try
        {
            return new TagDirectory(file);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>A text, or null.</summary>
    public string? Text(int tag)
    {
        if (!_entries.TryGetValue(tag, out Entry entry) || SizeOf(entry.Type) != 1 || entry.Place < 0 || entry.Count > _file.Length - entry.Place)
        {
            return null;
        }

        ReadOnlySpan<byte> text = _file.AsSpan((int)entry.Place, (int)entry.Count);
        int end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }

    /// <summary>The first number of a tag; null where there is none.</summary>
    public long? Number(int tag) => Numbers(tag) is [long first, ..] ? first : null;

    /// <summary>The whole numbers of a tag; null where there are none.</summary>
    /// <exception cref="InvalidDataException">They lie beyond the end.</exception>
    public long[]? Numbers(int tag)
    {
        if (!_entries.TryGetValue(tag, out Entry entry) || entry.Type is not (1 or 3 or 4 or 13 or 16 or 18))
        {
            return null;
        }

        int size = SizeOf(entry.Type);
        if (entry.Place < 0 || entry.Count > (_file.Length - entry.Place) / size)
        {
            throw new InvalidDataException("its directory is damaged");
        }

        var numbers = new long[entry.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            long at = entry.Place + i * size;
            numbers[i] = size switch { 1 => _file[at], 2 => UInt16(at), 4 => UInt32(at), _ => UInt64(at) };
        }

        return numbers;
    }

    private static int SizeOf(int type) => type switch
    {
        3 or 8 => 2,
        4 or 9 or 11 or 13 => 4,
        5 or 10 or 12 or 16 or 17 or 18 => 8,
        _ => 1,
    };

    private ReadOnlySpan<byte> Bytes(long at, int count) => at >= 0 && at <= _file.Length - count
        ? _file.AsSpan((int)at, count)
        : throw new InvalidDataException("it ends too early");

    private int UInt16(long at) => IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(Bytes(at, 2)) : BinaryPrimitives.ReadUInt16LittleEndian(Bytes(at, 2));

    private long UInt32(long at) => IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(Bytes(at, 4)) : BinaryPrimitives.ReadUInt32LittleEndian(Bytes(at, 4));

    private long UInt64(long at) => IsBigEndian ? BinaryPrimitives.ReadInt64BigEndian(Bytes(at, 8)) : BinaryPrimitives.ReadInt64LittleEndian(Bytes(at, 8));

    private readonly record struct Entry(long Start, int Type, long Count, long Place);
}
