using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace CnnViz.Showing.Drawing.Text;

/// <summary>
/// A TrueType font: which glyph stands for a character, how wide it is, and its outline. Text is set glyph by glyph, without ligatures and
/// kerning.
/// </summary>
/// <remarks>Layout: OpenType specification, tables head, hhea, hmtx, cmap (format 4), loca and glyf.</remarks>
internal sealed class TrueTypeFont
{
    // A part of a part of a glyph is as deep as real fonts go.
    private const int MaxDepth = 4;

    private readonly byte[] _data;
    private readonly int _metrics;
    private readonly int _metricCount;
    private readonly int _offsets;
    private readonly bool _longOffsets;
    private readonly int _glyphs;
    private readonly int _characters;

    private TrueTypeFont(byte[] data)
    {
        _data = data;
        int head = FindTable("head");
        UnitsPerEm = UInt16(head + 18);
        _longOffsets = UInt16(head + 50) == 1;
        int header = FindTable("hhea");
        (Ascent, Descent) = (Int16(header + 4), -Int16(header + 6));
        _metricCount = UInt16(header + 34);
        _metrics = FindTable("hmtx");
        _offsets = FindTable("loca");
        _glyphs = FindTable("glyf");
        _characters = FindCharacters();
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
            return new TrueTypeFont(File.ReadAllBytes(path));
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"'{path}' is no TrueType font.", exception);
        }
    }

    /// <summary>The glyph of a character; 0, an empty box, where there is none.</summary>
    public int GlyphOf(Rune character)
    {
        int count = UInt16(_characters + 6) / 2;
        (int ends, int value) = (_characters + 14, character.Value);
        for (int i = 0; i < count; i++)
        {
            if (value > UInt16(ends + i * 2))
            {
                continue;
            }

            int start = ends + 2 + (count + i) * 2;
            int first = UInt16(start);
            if (value < first)
            {
                return 0;
            }

            int delta = UInt16(start + count * 2);
            int rangeAt = start + count * 4;
            int range = UInt16(rangeAt);
            int glyph = range == 0 ? value : UInt16(rangeAt + range + (value - first) * 2);
            return glyph == 0 ? 0 : (glyph + delta) & 0xffff;
        }

        return 0;
    }

    /// <summary>How far the next glyph is, in the font's units.</summary>
    public int AdvanceOf(int glyph) => UInt16(_metrics + Math.Min(glyph, _metricCount - 1) * 4);

    /// <summary>Draws the outline of a glyph.</summary>
    /// <param name="glyph">Its number.</param>
    /// <param name="transform">From the font's units, upward, to pixels, downward.</param>
    /// <param name="mask">Where it is drawn.</param>
    public void Trace(int glyph, Matrix3x2 transform, CoverageMask mask) => Trace(glyph, transform, mask, 0);

    private void Trace(int glyph, Matrix3x2 transform, CoverageMask mask, int depth)
    {
        (int start, int end) = (OffsetOf(glyph), OffsetOf(glyph + 1));
        if (start == end || depth > MaxDepth)
        {
            return;
        }

        int at = _glyphs + start;
        int contours = Int16(at);
        if (contours >= 0)
        {
            TraceContours(at + 10, contours, transform, mask);
            return;
        }

        at += 10;
        int flags;
        do
        {
            flags = UInt16(at);
            int part = UInt16(at + 2);
            Matrix3x2 placed = ReadPlacement(ref at, flags);
            Trace(part, placed * transform, mask, depth + 1);
        }
        while ((flags & 0x20) != 0);
    }

    // Where a part of a compound glyph lies; moves on to the next one.
    private Matrix3x2 ReadPlacement(ref int at, int flags)
    {
        const int WordsFlag = 1, ScaleFlag = 8, TwoScalesFlag = 0x40, MatrixFlag = 0x80;
        at += 4;
        (float x, float y) = (flags & WordsFlag) != 0 ? (Int16(at), Int16(at + 2)) : ((sbyte)_data[at], (sbyte)_data[at + 1]);
        at += (flags & WordsFlag) != 0 ? 4 : 2;
        var matrix = new Matrix3x2(1, 0, 0, 1, x, y);
        if ((flags & ScaleFlag) != 0)
        {
            matrix.M11 = matrix.M22 = Fraction(at);
            at += 2;
        }
        else if ((flags & TwoScalesFlag) != 0)
        {
            (matrix.M11, matrix.M22) = (Fraction(at), Fraction(at + 2));
            at += 4;
        }
        else if ((flags & MatrixFlag) != 0)
        {
            (matrix.M11, matrix.M12, matrix.M21, matrix.M22) = (Fraction(at), Fraction(at + 2), Fraction(at + 4), Fraction(at + 6));
            at += 8;
        }

        return matrix;
    }

    private void TraceContours(int at, int contours, Matrix3x2 transform, CoverageMask mask)
    {
        if (contours == 0)
        {
            return;
        }

        int count = UInt16(at + (contours - 1) * 2) + 1;
        int flagsAt = at + contours * 2;
        flagsAt += 2 + UInt16(flagsAt);
        byte[] flags = ReadFlags(ref flagsAt, count);
        var points = new Vector2[count];
        int xAt = flagsAt;
        int x = 0;
        for (int i = 0; i < count; i++)
        {
            x += ReadDelta(ref xAt, flags[i], 2, 0x10);
            points[i].X = x;
        }

        int y = 0;
        for (int i = 0; i < count; i++)
        {
            y += ReadDelta(ref xAt, flags[i], 4, 0x20);
            points[i] = Vector2.Transform(new Vector2(points[i].X, y), transform);
        }

        int first = 0;
        for (int contour = 0; contour < contours; contour++)
        {
            int last = UInt16(at + contour * 2);
            TraceContour(points.AsSpan(first, last - first + 1), flags.AsSpan(first, last - first + 1), mask);
            first = last + 1;
        }
    }

    // Between two points that are not on the curve, there is one that is, halfway.
    private static void TraceContour(ReadOnlySpan<Vector2> points, ReadOnlySpan<byte> flags, CoverageMask mask)
    {
        int count = points.Length;
        if (count < 2)
        {
            return;
        }

        bool IsOn(byte flag) => (flag & 1) != 0;
        int begin = 0;
        while (begin < count && !IsOn(flags[begin]))
        {
            begin++;
        }

        Vector2 start = begin < count ? points[begin] : (points[0] + points[count - 1]) / 2;
        begin = begin < count ? begin : -1;
        Vector2 current = start;
        Vector2? control = null;
        for (int step = 1; step <= (begin < 0 ? count : count - 1); step++)
        {
            int i = (begin + step) % count;
            if (IsOn(flags[i]))
            {
                mask.AddCurve(current, control, points[i]);
                (current, control) = (points[i], null);
                continue;
            }

            if (control is { } previous)
            {
                Vector2 middle = (previous + points[i]) / 2;
                mask.AddCurve(current, previous, middle);
                current = middle;
            }

            control = points[i];
        }

        mask.AddCurve(current, control, start);
    }

    private byte[] ReadFlags(ref int at, int count)
    {
        var flags = new byte[count];
        for (int i = 0; i < count; i++)
        {
            byte flag = flags[i] = _data[at++];
            if ((flag & 8) == 0)
            {
                continue;
            }

            for (int repeats = _data[at++]; repeats > 0 && i + 1 < count; repeats--)
            {
                flags[++i] = flag;
            }
        }

        return flags;
    }

    private int ReadDelta(ref int at, byte flags, int shortFlag, int sameFlag)
    {
        if ((flags & shortFlag) != 0)
        {
            int value = _data[at++];
            return (flags & sameFlag) != 0 ? value : -value;
        }

        if ((flags & sameFlag) != 0)
        {
            return 0;
        }

        at += 2;
        return Int16(at - 2);
    }

    private int FindTable(string tag)
    {
        for (int i = 0; i < UInt16(4); i++)
        {
            int entry = 12 + i * 16;
            if (Encoding.ASCII.GetString(_data, entry, 4) == tag)
            {
                return (int)BinaryPrimitives.ReadUInt32BigEndian(_data.AsSpan(entry + 8));
            }
        }

        throw new InvalidDataException($"The font has no table '{tag}'.");
    }

    private int FindCharacters()
    {
        int table = FindTable("cmap");
        for (int i = 0; i < UInt16(table + 2); i++)
        {
            int encoding = table + (int)BinaryPrimitives.ReadUInt32BigEndian(_data.AsSpan(table + 8 + i * 8));
            if (UInt16(encoding) == 4)
            {
                return encoding;
            }
        }

        throw new InvalidDataException("The font has no Unicode characters.");
    }

    private int OffsetOf(int glyph) => _longOffsets
        ? (int)BinaryPrimitives.ReadUInt32BigEndian(_data.AsSpan(_offsets + glyph * 4))
        : UInt16(_offsets + glyph * 2) * 2;

    private int UInt16(int offset) => BinaryPrimitives.ReadUInt16BigEndian(_data.AsSpan(offset));

    private int Int16(int offset) => BinaryPrimitives.ReadInt16BigEndian(_data.AsSpan(offset));

    // 2 bits before the point, 14 behind it.
    private float Fraction(int offset) => Int16(offset) / 16384f;
}
