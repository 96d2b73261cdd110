using System.Text;

namespace CnnViz.Pictures.Codecs;

/// <summary>
/// TIFF files of one strip without compression (TIFF 6.0, baseline), with transparency if need be, which ImageSharp does not write. The facts
/// are in the tag ImageDescription.
/// </summary>
internal static class TiffWriter
{
    private const int Short = 3;
    private const int Long = 4;
    private const int Ascii = 2;
    private const int HeaderLength = 8;
    private const int EntryLength = 12;
    private const int UnassociatedAlpha = 2;

    /// <summary>Writes a file.</summary>
    public static void Write(Stream stream, PictureBytes picture, PictureFacts? facts)
    {
        int samples = picture.Depth + (picture.HasAlpha ? 1 : 0);
        var entries = new List<(ushort Tag, ushort Type, byte[] Values)>
        {
            (256, Long, Longs(picture.Width)),
            (257, Long, Longs(picture.Height)),
            (258, Short, Shorts([.. Enumerable.Repeat(8, samples)])),
            (259, Short, Shorts(1)),
            (262, Short, Shorts(picture.Depth == 3 ? 2 : 1)),
        };
        if (facts is not null)
        {
            entries.Add((TagDirectory.ImageDescription, Ascii, [.. Encoding.UTF8.GetBytes(facts.Json), 0]));
        }

        entries.Add((273, Long, Longs(HeaderLength)));
        entries.Add((277, Short, Shorts(samples)));
        entries.Add((278, Long, Longs(picture.Height)));
        entries.Add((279, Long, Longs(picture.Samples.Length)));
        entries.Add((284, Short, Shorts(1)));
        entries.Add((305, Ascii, [.. Encoding.UTF8.GetBytes(PictureFacts.Software), 0]));
        if (picture.HasAlpha)
        {
            entries.Add((338, Short, Shorts(UnassociatedAlpha)));
        }

        // Pixels, then the directory, then what does not fit into it.
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        int directory = Even(HeaderLength + picture.Samples.Length);
        writer.Write("II*\0"u8);
        writer.Write(directory);
        writer.Write(picture.Samples);
        writer.Write(new byte[directory - HeaderLength - picture.Samples.Length]);
        writer.Write((ushort)entries.Count);
        int place = directory + 2 + entries.Count * EntryLength + 4;
        foreach ((ushort tag, ushort type, byte[] values) in entries)
        {
            writer.Write(tag);
            writer.Write(type);
            writer.Write(values.Length / type switch { Short => 2, Long => 4, _ => 1 });
            if (values.Length <= 4)
            {
                writer.Write(values);
                writer.Write(new byte[4 - values.Length]);
                continue;
            }

            writer.Write(place);
            place += Even(values.Length);
        }

        writer.Write(0);
        foreach ((_, _, byte[] values) in entries.Where(entry => entry.Values.Length > 4))
        {
            writer.Write(values);
            writer.Write(new byte[Even(values.Length) - values.Length]);
        }
    }

    private static int Even(int length) => length + length % 2;

    private static byte[] Shorts(params int[] values) => [.. values.SelectMany(value => BitConverter.GetBytes((ushort)value))];

    private static byte[] Longs(int value) => BitConverter.GetBytes(value);
}
