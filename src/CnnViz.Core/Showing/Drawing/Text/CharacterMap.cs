using System.Text;

namespace CnnViz.Showing.Drawing.Text;

/// <summary>Which glyph stands for a character: the first table of 16-bit Unicode characters in a font.</summary>
/// <remarks>Layout: OpenType specification, table cmap, format 4.</remarks>
internal sealed class CharacterMap
{
    private readonly FontFile _file;
    private readonly int _table;

    /// <exception cref="InvalidDataException">The font has no such table.</exception>
    public CharacterMap(FontFile file)
    {
        _file = file;
        _table = Find(file);
    }

    /// <summary>The glyph of a character; 0, an empty box, where there is none.</summary>
    public int GlyphOf(Rune character)
    {
        int count = _file.UInt16(_table + 6) / 2;
        (int ends, int value) = (_table + 14, character.Value);
        for (int i = 0; i < count; i++)
        {
            if (value > _file.UInt16(ends + i * 2))
            {
                continue;
            }

            int start = ends + 2 + (count + i) * 2;
            int first = _file.UInt16(start);
            if (value < first)
            {
                return 0;
            }

            int delta = _file.UInt16(start + count * 2);
            int rangeAt = start + count * 4;
            int range = _file.UInt16(rangeAt);
            int glyph = range == 0 ? value : _file.UInt16(rangeAt + range + (value - first) * 2);
            return glyph == 0 ? 0 : (glyph + delta) & 0xffff;
        }

        return 0;
    }

    private static int Find(FontFile file)
    {
        int table = file.Table("cmap");
        for (int i = 0; i < file.UInt16(table + 2); i++)
        {
            int encoding = table + file.UInt32(table + 8 + i * 8);
            if (file.UInt16(encoding) == 4)
            {
                return encoding;
            }
        }

        throw new InvalidDataException("The font has no Unicode characters.");
    }
}
