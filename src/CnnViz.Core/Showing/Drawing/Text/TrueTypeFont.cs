using System.Numerics;
using System.Text;

namespace CnnViz.Showing.Drawing.Text;

/// <summary>
/// A TrueType font: which glyph stands for a character, how wide it is, and its outline. Text is set glyph by glyph, without ligatures and
/// kerning.
/// </summary>
/// <remarks>Layout: OpenType specification, tables head, hhea and hmtx.</remarks>
internal sealed class TrueTypeFont
{
    private readonly FontFile _file;
    private readonly CharacterMap _characters;
    private readonly GlyphOutlines _outlines;
    private readonly int _metrics;
    private readonly int _metricCount;

    private TrueTypeFont(FontFile file)
    {
        _file = file;
        _characters = new CharacterMap(file);
        _outlines = new GlyphOutlines(file);
        UnitsPerEm = file.UInt16(file.Table("head") + 18);
        int header = file.Table("hhea");
        (Ascent, Descent) = (file.Int16(header + 4), -file.Int16(header + 6));
        _metricCount = file.UInt16(header + 34);
        _metrics = file.Table("hmtx");
    }

    /// <summary>The units of its lengths in the font's size.</summary>
    public int UnitsPerEm { get; }

    /// <summary>From the baseline to the top of a line, in its units.</summary>
    public int Ascent { get; }

    /// <summary>From the baseline down to the bottom of a line, in its units.</summary>
    public int Descent { get; }

    /// <summary>Reads a font file.</summary>
    /// <exception cref="InvalidDataException">It is no TrueType font, or damaged.</exception>
    public static TrueTypeFont Read(string path)
    {
        try
        {
            return new TrueTypeFont(new FontFile(File.ReadAllBytes(path)));
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"'{path}' is no TrueType font.", exception);
        }
    }

    /// <inheritdoc cref="CharacterMap.GlyphOf" />
    public int GlyphOf(Rune character) => _characters.GlyphOf(character);

    /// <summary>How far the next glyph is, in the font's units.</summary>
    public int AdvanceOf(int glyph) => _file.UInt16(_metrics + Math.Min(glyph, _metricCount - 1) * 4);

    /// <inheritdoc cref="GlyphOutlines.Trace(int, Matrix3x2, CoverageMask)" />
    public void Trace(int glyph, Matrix3x2 transform, CoverageMask mask) => _outlines.Trace(glyph, transform, mask);
}
