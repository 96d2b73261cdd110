using static System.Buffers.Binary.BinaryPrimitives;

namespace CnnViz.Import.PyTorch;

/// <summary>The checksum of zip archives (ISO 3309), eight bytes at a time.</summary>
internal static class Crc32
{
    private const int Step = 8;
    private const uint Polynomial = 0xEDB88320;

    // Table 0 advances the checksum by one byte; table k by a byte that has k more bytes after it.
    private static readonly uint[][] s_tables = MakeTables();

    /// <summary>The checksum of some bytes, or of those that have a checksum already and some more.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        uint[][] tables = s_tables;
        uint checksum = ~before;
        for (; bytes.Length >= Step; bytes = bytes[Step..])
        {
            uint low = ReadUInt32LittleEndian(bytes) ^ checksum;
            uint high = ReadUInt32LittleEndian(bytes[4..]);
            checksum = tables[7][(byte)low] ^ tables[6][(byte)(low >> 8)] ^ tables[5][(byte)(low >> 16)] ^ tables[4][low >> 24]
                ^ tables[3][(byte)high] ^ tables[2][(byte)(high >> 8)] ^ tables[1][(byte)(high >> 16)] ^ tables[0][high >> 24];
        }

        foreach (byte value in bytes)
        {
            checksum = Advance(tables[0], checksum, value);
        }

        return ~checksum;
    }

    private static uint Advance(uint[] table, uint checksum, byte value) => table[(byte)(checksum ^ value)] ^ (checksum >> 8);

    private static uint[][] MakeTables()
    {
        var tables = new uint[Step][];
        for (int k = 0; k < Step; k++)
        {
            tables[k] = new uint[256];
            for (uint i = 0; i < 256; i++)
            {
                tables[k][i] = k == 0 ? DivideByte(i) : Advance(tables[0], tables[k - 1][i], 0);
            }
        }

        return tables;
    }

    private static uint DivideByte(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
        }

        return value;
    }
}
