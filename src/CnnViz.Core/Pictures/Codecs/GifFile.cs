using System.Buffers.Binary;
using System.Text;

namespace CnnViz.Pictures.Codecs;

/// <summary>The blocks of a GIF file (GIF89a specification).</summary>
internal static class GifFile
{
    private const byte Extension = 0x21;
    private const byte CommentLabel = 0xFE;
    private const byte ControlLabel = 0xF9;
    private const byte Frame = 0x2C;
    private const byte End = 0x3B;
    private const int HeaderLength = 13;

    /// <summary>What the file says of its picture.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static PictureHeader ReadHeader(byte[] file)
    {
        bool hasAlpha = false;
        int frames = 0;
        foreach ((byte kind, int at) in Blocks(file))
        {
            if (kind == ControlLabel && frames == 0 && file[at] >= 1)
            {
                hasAlpha = (file[at + 1] & 1) != 0;
            }
            else if (kind == Frame)
            {
                frames++;
                _ = SizeAt(file, at + 4).Checked();
            }
        }

        if (frames == 0)
        {
            throw new InvalidDataException("it ends before its pixels");
        }

        return SizeAt(file, 6).Checked() with { HasAlpha = hasAlpha, Frames = frames };
    }

    /// <summary>The first comment of the file, or null.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static string? ReadComment(byte[] file)
    {
        foreach ((byte kind, int at) in Blocks(file))
        {
            if (kind == CommentLabel)
            {
                var text = new StringBuilder();
                for (int part = at; file[part] != 0; part += file[part] + 1)
                {
                    text.Append(Encoding.Latin1.GetString(file, part + 1, file[part]));
                }

                return text.ToString();
            }
        }

        return null;
    }

    private static PictureHeader SizeAt(byte[] file, int at) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at + 2)), BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at)));

    // A frame, or an extension by its label, and where it begins behind that.
    private static IEnumerable<(byte Kind, int At)> Blocks(byte[] file)
    {
        int at = HeaderLength;
        if (file.Length > 10 && (file[10] & 0x80) != 0)
        {
            at += TableLength(file[10]);
        }

        while (at < file.Length && file[at] != End)
        {
            if (file[at] == Extension && at + 2 < file.Length)
            {
                byte label = file[at + 1];
                int next = Skip(file, at + 2);
                yield return (label, at + 2);
                at = next;
            }
            else if (file[at] == Frame && at + 10 < file.Length)
            {
                int next = Skip(file, at + 11 + ((file[at + 9] & 0x80) != 0 ? TableLength(file[at + 9]) : 0));
                yield return (Frame, at + 1);
                at = next;
            }
            else
            {
                throw new InvalidDataException("it is damaged");
            }
        }
    }

    private static int TableLength(byte packed) => 3 << ((packed & 7) + 1);

    // Parts of up to 255 bytes, each behind its length, up to an empty one.
    private static int Skip(byte[] file, int at)
    {
        while (at < file.Length && file[at] != 0)
        {
            at += file[at] + 1;
        }

        return at < file.Length ? at + 1 : throw new InvalidDataException("it ends too early");
    }
}
