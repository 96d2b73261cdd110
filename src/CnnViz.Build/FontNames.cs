using System.Buffers.Binary;
using System.Text;

namespace CnnViz.Build;

/// <summary>What a TrueType font says about itself (OpenType specification, table <c>name</c>).</summary>
internal sealed class FontNames
{
    private const int TableEntrySize = 16;
    private const int NameEntrySize = 12;
    private const ushort Windows = 3;

    private readonly Dictionary<ushort, string> _names = [];

    /// <param name="font">The font file.</param>
    /// <exception cref="InvalidDataException">It is no font, or damaged.</exception>
    public FontNames(byte[] font)
    {
        try
        {
            int table = FindTable(font, "name"u8);
            int texts = table + UInt16(font, table + 4);
            for (int i = 0; i < UInt16(font, table + 2); i++)
            {
                int entry = table + 6 + i * NameEntrySize;
                if (UInt16(font, entry) == Windows)
                {
                    ReadOnlySpan<byte> text = font.AsSpan(texts + UInt16(font, entry + 10), UInt16(font, entry + 8));
                    _names[UInt16(font, entry + 6)] = Encoding.BigEndianUnicode.GetString(text).Trim();
                }
            }
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException("The font is damaged.", exception);
        }
    }

    public string Copyright => Get(0);

    public string Family => Get(1);

    public string Version => Get(5);

    public string License => Get(13);

    public string LicenseAddress => Get(14);

    private static int FindTable(byte[] font, ReadOnlySpan<byte> tag)
    {
        for (int i = 0; i < UInt16(font, 4); i++)
        {
            int entry = 12 + i * TableEntrySize;
            if (font.AsSpan(entry, 4).SequenceEqual(tag))
            {
                return (int)BinaryPrimitives.ReadUInt32BigEndian(font.AsSpan(entry + 8));
            }
        }

        throw new InvalidDataException("The font has no names.");
    }

    private static ushort UInt16(byte[] font, int offset) => BinaryPrimitives.ReadUInt16BigEndian(font.AsSpan(offset));

    private string Get(ushort id) => _names.TryGetValue(id, out string? name) ? name : throw new InvalidDataException($"The font has no name {id}.");
}
