using System.IO.Compression;
using System.Text;
using static System.Buffers.Binary.BinaryPrimitives;

namespace CnnViz.Import.PyTorch;

/// <summary>The bytes of a member of a zip archive, of which no more are made than are asked for.</summary>
internal sealed class ZipMember : IStoredBytes
{
    private const int HeaderBytes = 30;
    private const int Stored = 0;
    private const int Deflated = 8;

    // Deflate makes at most 258 bytes of 2 bits.
    private const int HighestRatio = 1032;

    private readonly WeightFile _file;
    private readonly ZipEntry _entry;
    private readonly long _start;

    private ZipMember(WeightFile file, ZipEntry entry, long start)
    {
        _file = file;
        _entry = entry;
        _start = start;
    }

    /// <inheritdoc/>
    public long Length => _entry.Length;

    private bool IsDeflated => _entry.Method == Deflated;

    /// <summary>Finds the bytes of a member.</summary>
    /// <exception cref="ModelFormatException">They are not within the file, contradict the directory, or are encrypted.</exception>
    public static ZipMember Open(WeightFile file, ZipEntry entry)
    {
        string name = WeightFile.Quote(entry.Name);
        if (entry.IsEncrypted || entry.Method is not (Stored or Deflated))
        {
            throw file.Unsupported($"its member {name} is encrypted, or packed by method {entry.Method}");
        }

        ReadOnlySpan<byte> header = file.Read(entry.Header, HeaderBytes);
        int nameLength = ReadUInt16LittleEndian(header[26..]);
        long start = entry.Header + HeaderBytes + nameLength + ReadUInt16LittleEndian(header[28..]);
        if (!header.StartsWith("PK\x03\x04"u8)
            || Encoding.UTF8.GetString(file.Read(entry.Header + HeaderBytes, nameLength)) != entry.Name
            || ReadUInt16LittleEndian(header[8..]) != entry.Method)
        {
            throw file.Damaged($"its zip directory contradicts the header of {name}");
        }

        bool fits = start <= entry.Limit && entry.StoredLength <= entry.Limit - start;
        bool possible = entry.Method == Stored
            ? entry.Length == entry.StoredLength
            : entry.Length / HighestRatio <= entry.StoredLength;
        return fits && possible
            ? new ZipMember(file, entry, start)
            : throw file.Damaged($"its member {name} of {entry.Length} bytes is not within the file");
    }

    /// <inheritdoc/>
    public long Effort(long offset, long count) => IsDeflated ? offset + count : count;

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> into)
    {
        if (offset < 0 || offset > Length - into.Length)
        {
            throw _file.Damaged($"its member {WeightFile.Quote(_entry.Name)} has only {Length} bytes");
        }

        if (IsDeflated)
        {
            Inflate(offset, into);
        }
        else
        {
            _file.Read(_start + offset, into);
        }

        // The checksum is that of the whole, and tells nothing of a part.
        if (into.Length == Length && Crc32.Compute(into) != _entry.Checksum)
        {
            throw _file.Damaged($"the checksum of its member {WeightFile.Quote(_entry.Name)} is wrong");
        }
    }

    private void Inflate(long offset, Span<byte> into)
    {
        using var packed = new FileSlice(_file, _start, _entry.StoredLength);
        using var stream = new DeflateStream(packed, CompressionMode.Decompress);
        try
        {
            Span<byte> before = stackalloc byte[4096];
            for (long left = offset; left > 0; left -= before.Length)
            {
                before = before[..(int)Math.Min(before.Length, left)];
                stream.ReadExactly(before);
            }

            stream.ReadExactly(into);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw _file.Damaged($"its member {WeightFile.Quote(_entry.Name)} cannot be unpacked");
        }
    }
}
