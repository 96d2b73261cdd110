using System.Buffers.Binary;

namespace CnnViz.Fuzz.Mutations;

/// <summary>Damage that knows nothing of formats: bits, numbers and pieces, more often near the beginning and the end, where headers are.</summary>
internal static class RawMutation
{
    private const int HeaderLength = 220;
    private const int Longest = 1 << 20;

    /// <summary>Damages a content once.</summary>
    /// <param name="content">The content.</param>
    /// <param name="chance">Decides the damage.</param>
    /// <param name="other">Another content, of which it may get a piece; null for itself.</param>
    public static byte[] Mutate(byte[] content, Chance chance, byte[]? other = null)
    {
        other ??= content;
        if (content.Length == 0)
        {
            return other.Length > 0 && chance.OneIn(2) ? other : chance.Bytes(chance.Below(40));
        }

        byte[] file = [.. content];
        int at = Place(file.Length, chance);
        switch (chance.Below(13))
        {
            case 0:
                return file[..at];
            case 1:
                return [.. file[..at], .. file[Math.Min(file.Length, at + chance.Between(1, 40))..]];
            case 2 when file.Length < Longest:
                int from = Place(file.Length, chance);
                return [.. file[..at], .. file[from..Math.Min(file.Length, from + chance.Between(1, 200))], .. file[at..]];
            case 3:
                return [.. file[..at], .. other[Math.Min(other.Length, at)..]];
            case 4:
                byte[] noise = chance.Bytes(Math.Min(chance.Between(1, 12), file.Length - at));
                noise.CopyTo(file, at);
                return file;
            case 5 when file.Length < Longest:
                byte[] piece = file[at..Math.Min(file.Length, at + chance.Between(1, 16))];
                return [.. file[..at], .. Enumerable.Repeat(piece, chance.Repeats()).SelectMany(bytes => bytes), .. file[at..]];
            case 6 or 7 or 8:
                Put(file.AsSpan(at), chance);
                return file;
            case 9 when file.Length >= 8:
                // Tables of 8-byte numbers are aligned.
                Put(file.AsSpan(at & ~7), chance);
                return file;
            default:
                file[at] ^= (byte)(1 << chance.Below(8));
                return file;
        }
    }

    private static void Put(Span<byte> place, Chance chance)
    {
        long number = chance.Number();
        Span<byte> bytes = stackalloc byte[8];
        int size = 1 << chance.Below(4);
        if (chance.OneIn(2))
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            bytes = bytes[..size];
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes, number);
            bytes = bytes[(8 - size)..];
        }

        bytes[..Math.Min(size, place.Length)].CopyTo(place);
    }

    private static int Place(int length, Chance chance) => chance.Below(4) switch
    {
        0 or 1 => chance.Below(length),
        2 => length - 1 - chance.Below(Math.Min(length, HeaderLength)),
        _ => chance.Below(Math.Min(length, HeaderLength)),
    };
}
