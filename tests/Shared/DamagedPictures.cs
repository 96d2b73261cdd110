using System.Buffers.Binary;

namespace CnnViz.Tests;

/// <summary>
/// Damaged picture files: a sound one in which bytes, numbers or whole pieces were changed. Half of the damaged PNG files have right checksums
/// again, so that their decoder goes on.
/// </summary>
/// <param name="sound">Sound files of one format.</param>
/// <param name="seed">Decides the damages.</param>
internal sealed class DamagedPictures(IReadOnlyList<byte[]> sound, int seed)
{
    // Headers are at the beginning of all formats but TIFF, whose directory may be at the end.
    private const int HeaderLength = 220;

    private static readonly uint[] s_numbers = [0, 1, 2, 3, 7, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF];

    private readonly Random _random = new(seed);

    /// <summary>Another damaged file.</summary>
    public byte[] Next()
    {
        byte[] file = [.. sound[_random.Next(sound.Count)]];
        for (int i = _random.Next(1, 5); i > 0 && file.Length > 4; i--)
        {
            file = Damage(file);
        }

        return file.Length > 8 && file[0] == 0x89 && _random.Next(2) == 0 ? WithChecksums(file) : file;
    }

    private byte[] Damage(byte[] file)
    {
        int at = Place(file.Length);
        switch (_random.Next(12))
        {
            case 0:
                return file[..at];
            case 1:
                return [.. file[..at], .. file[Math.Min(file.Length, at + _random.Next(1, 40))..]];
            case 2:
                int from = Place(file.Length);
                return [.. file[..at], .. file[from..Math.Min(file.Length, from + _random.Next(1, 200))], .. file[at..]];
            case 3:
                byte[] other = sound[_random.Next(sound.Count)];
                return [.. file[..at], .. other[Math.Min(other.Length, at)..]];
            case 4:
                _random.NextBytes(file.AsSpan(at, Math.Min(_random.Next(1, 12), file.Length - at)));
                return file;
            case 5 or 6 when at + 4 <= file.Length:
                BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), s_numbers[_random.Next(s_numbers.Length)]);
                return file;
            case 7 or 8 when at + 4 <= file.Length:
                BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at), s_numbers[_random.Next(s_numbers.Length)]);
                return file;
            case 9 when at + 2 <= file.Length:
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)s_numbers[_random.Next(s_numbers.Length)]);
                return file;
            case 10 when at + 2 <= file.Length:
                BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(at), (ushort)s_numbers[_random.Next(s_numbers.Length)]);
                return file;
            default:
                file[at] ^= (byte)(1 << _random.Next(8));
                return file;
        }
    }

    private int Place(int length) => _random.Next(4) switch
    {
        0 => _random.Next(length),
        1 => length - 1 - _random.Next(Math.Min(length, HeaderLength)),
        _ => _random.Next(Math.Min(length, HeaderLength)),
    };

    private static byte[] WithChecksums(byte[] file)
    {
        int at = 8;
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
