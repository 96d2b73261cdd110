using System.Numerics;

namespace CnnViz.Showing.Drawing.Text;

/// <summary>The outlines of a font's glyphs.</summary>
/// <remarks>Layout: OpenType specification, tables loca and glyf.</remarks>
internal sealed class GlyphOutlines
{
    // A part of a part of a glyph is as deep as real fonts go.
    private const int MaxDepth = 4;

    private readonly FontFile _file;
    private readonly int _offsets;
    private readonly int _glyphs;
    private readonly bool _longOffsets;

    /// <exception cref="InvalidDataException">The font has no outlines.</exception>
    public GlyphOutlines(FontFile file)
    {
        _file = file;
        _offsets = file.Table("loca");
        _glyphs = file.Table("glyf");
        _longOffsets = file.UInt16(file.Table("head") + 50) == 1;
    }

    /// <summary>Draws an outline.</summary>
    /// <param name="glyph">The glyph's number.</param>
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
        int contours = _file.Int16(at);
        if (contours >= 0)
        {
            TraceContours(at + 10, contours, transform, mask);
            return;
        }

        at += 10;
        int flags;
        do
        {
            flags = _file.UInt16(at);
            int part = _file.UInt16(at + 2);
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
        (float x, float y) = (flags & WordsFlag) != 0 ? (_file.Int16(at), _file.Int16(at + 2)) : ((sbyte)_file.Byte(at), (sbyte)_file.Byte(at + 1));
        at += (flags & WordsFlag) != 0 ? 4 : 2;
        var matrix = new Matrix3x2(1, 0, 0, 1, x, y);
        if ((flags & ScaleFlag) != 0)
        {
            matrix.M11 = matrix.M22 = _file.Fraction(at);
            at += 2;
        }
        else if ((flags & TwoScalesFlag) != 0)
        {
            (matrix.M11, matrix.M22) = (_file.Fraction(at), _file.Fraction(at + 2));
            at += 4;
        }
        else if ((flags & MatrixFlag) != 0)
        {
            (matrix.M11, matrix.M12, matrix.M21, matrix.M22) = (_file.Fraction(at), _file.Fraction(at + 2), _file.Fraction(at + 4), _file.Fraction(at + 6));
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

        int count = _file.UInt16(at + (contours - 1) * 2) + 1;
        int flagsAt = at + contours * 2;
        flagsAt += 2 + _file.UInt16(flagsAt);
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
            int last = _file.UInt16(at + contour * 2);
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
            byte flag = flags[i] = _file.Byte(at++);
            if ((flag & 8) == 0)
            {
                continue;
            }

            for (int repeats = _file.Byte(at++); repeats > 0 && i + 1 < count; repeats--)
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
            int value = _file.Byte(at++);
            return (flags & sameFlag) != 0 ? value : -value;
        }

        if ((flags & sameFlag) != 0)
        {
            return 0;
        }

        at += 2;
        return _file.Int16(at - 2);
    }

    private int OffsetOf(int glyph) => _longOffsets ? _file.UInt32(_offsets + glyph * 4) : _file.UInt16(_offsets + glyph * 2) * 2;
}
