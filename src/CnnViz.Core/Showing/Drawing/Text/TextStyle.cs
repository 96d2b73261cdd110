using System.Numerics;
using System.Text;

namespace CnnViz.Showing.Drawing.Text;

/// <summary>A font at a size.</summary>
/// <param name="Font">The font.</param>
/// <param name="Size">The size in pixels.</param>
internal sealed record TextStyle(TrueTypeFont Font, float Size)
{
    private const string Ellipsis = "…";

    private float Scale => Size / Font.UnitsPerEm;

    /// <summary>From the baseline to the top of a line, in pixels.</summary>
    public float Ascent => Font.Ascent * Scale;

    /// <summary>From the top to the bottom of a line, in pixels.</summary>
    public float LineHeight => (Font.Ascent + Font.Descent) * Scale;

    /// <summary>Width of a text in pixels.</summary>
    public float WidthOf(string text)
    {
        int units = 0;
        foreach (Rune character in text.EnumerateRunes())
        {
            units += Font.AdvanceOf(Font.GlyphOf(character));
        }

        return units * Scale;
    }

    /// <summary>The text, its middle left out as far as needed: names are told apart by their beginnings and their ends.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The width that there is, in pixels.</param>
    /// <returns>A text that is no wider; empty where not even the ellipsis has its place.</returns>
    public string Shorten(string text, float width)
    {
        if (WidthOf(text) <= width)
        {
            return text;
        }

        string[] characters = [.. text.EnumerateRunes().Select(character => character.ToString())];
        string WithKept(int kept)
        {
            int begin = (kept + 1) / 2;
            return string.Concat(characters[..begin]).TrimEnd() + Ellipsis + string.Concat(characters[^(kept - begin)..]).TrimStart();
        }

        (int fits, int tooMany) = (-1, characters.Length);
        while (tooMany - fits > 1)
        {
            int kept = (fits + tooMany) / 2;
            (fits, tooMany) = WidthOf(WithKept(kept)) <= width ? (kept, tooMany) : (fits, kept);
        }

        return fits < 0 ? string.Empty : WithKept(fits);
    }

    /// <summary>The pixels of a text.</summary>
    /// <param name="text">One line.</param>
    /// <param name="placement">From pixels of an upright text whose baseline begins at 0, 0 to those of the picture.</param>
    /// <returns>The mask, or null where there is nothing to see.</returns>
    public CoverageMask? Draw(string text, Matrix3x2 placement)
    {
        float width = WidthOf(text);
        if (width <= 0)
        {
            return null;
        }

        // Accents and overhangs may leave the line's box a little.
        Vector2[] corners = [new(-Size, -2 * Size), new(width + Size, -2 * Size), new(-Size, Size), new(width + Size, Size)];
        corners = [.. corners.Select(corner => Vector2.Transform(corner, placement))];
        int left = (int)MathF.Floor(corners.Min(corner => corner.X));
        int top = (int)MathF.Floor(corners.Min(corner => corner.Y));
        int right = (int)MathF.Ceiling(corners.Max(corner => corner.X));
        int bottom = (int)MathF.Ceiling(corners.Max(corner => corner.Y));
        var mask = new CoverageMask(top, left, bottom - top, right - left);
        float x = 0;
        foreach (Rune character in text.EnumerateRunes())
        {
            int glyph = Font.GlyphOf(character);
            Font.Trace(glyph, new Matrix3x2(Scale, 0, 0, -Scale, x, 0) * placement, mask);
            x += Font.AdvanceOf(glyph) * Scale;
        }

        return mask;
    }
}
