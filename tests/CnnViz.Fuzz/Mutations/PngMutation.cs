using System.Buffers.Binary;

namespace CnnViz.Fuzz.Mutations;

/// <summary>Damage to PNG files. Half of them have right checksums again, so that their decoder goes on.</summary>
internal static class PngMutation
{
    private const int Signature = 8;

    /// <summary>Damages a file once.</summary>
    public static byte[] Mutate(byte[] content, Chance chance)
    {
        byte[] file = RawMutation.Mutate(content, chance);
        return file.Length > Signature && file[0] == 0x89 && chance.OneIn(2) ? WithChecksums(file) : file;
    }

    private static byte[] WithChecksums(byte[] file)
    {
        int at = Signature;
        while (at + 12 <= file.Length)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12)
            {
                break;
            }

            Span<byte> chunk = file.AsSpan(at + 4, (int)length + 4);
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + 8 + (int)length), Checksum(chunk));
            at += (int)length + 12;
        }

        return file;
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint value = uint.MaxValue;
        foreach (byte one in data)
        {
            value ^= one;
            for (int i = 0; i < 8; i++)
            {
                value = (value >> 1) ^ (0xEDB88320 & (uint)-(int)(value & 1));
            }
        }

        return ~value;
    }
}
