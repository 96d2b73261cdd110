using System.Buffers.Binary;
using System.Text;

namespace CnnViz.Import.Keras;

/// <summary>
/// Links of HDF5 files to objects in other files (HDF5 File Format Specification, IV.A.2.g, link type 64). PureHDF would open such a file as soon as
/// it lists the group that has the link, whatever the file is and wherever it lies.
/// </summary>
internal static class Hdf5Links
{
    private const byte Version = 1;
    private const byte External = 64;
    private const int HasType = 1 << 3;
    private const int HasOrder = 1 << 2;
    private const int HasCharacters = 1 << 4;
    private const int Known = 0x1F;
    private const int LongestPath = 4096;

    /// <summary>Finds a link to a file that is there; PureHDF lets others be.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <returns>What it names, or null.</returns>
    public static string? Find(ReadOnlySpan<byte> content)
    {
        int at = 1;
        while (at < content.Length && content[at..].IndexOf(External) is >= 0 and var step)
        {
            at += step + 1;
            if (at < 3 || content[at - 3] != Version || (content[at - 2] & HasType) == 0 || (content[at - 2] & ~Known) != 0)
            {
                continue;
            }

            if (PathOf(content[at..], content[at - 2]) is { } path && (File.Exists(path) || File.Exists(Path.GetFileName(path))))
            {
                return path;
            }
        }

        return null;
    }

    // What follows the type: the order of creation, the character set, the link's name, and what it links to.
    private static string? PathOf(ReadOnlySpan<byte> rest, byte flags)
    {
        int size = 1 << (flags & 3);
        int head = ((flags & HasOrder) != 0 ? 8 : 0) + ((flags & HasCharacters) != 0 ? 1 : 0);
        if (rest.Length < head + size)
        {
            return null;
        }

        ulong name = size switch
        {
            1 => rest[head],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(rest[head..]),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(rest[head..]),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(rest[head..]),
        };

        // Two bytes of length, and one of a version and flags.
        if (name > (ulong)(rest.Length - head - size - 3) || rest.Length - head - size < 3)
        {
            return null;
        }

        rest = rest[(head + size + (int)name + 3)..];
        int end = rest[..Math.Min(rest.Length, LongestPath)].IndexOf((byte)0);
        return end > 0 ? Encoding.UTF8.GetString(rest[..end]) : null;
    }
}
