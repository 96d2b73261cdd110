using System.Numerics;
using System.Text;
using CnnViz.Showing.Drawing;
using CnnViz.Showing.Drawing.Text;

namespace CnnViz.Tests.Showing.Drawing.Text;

public sealed class TypefaceTests
{
    private static readonly TextStyle s_style = new(Typeface.Regular, 20);

    [Fact]
    public void Letters_digits_and_signs_have_glyphs_of_their_own()
    {
        string characters = "ABCxyz0123456789/_:#,.-()…·×éäßñŁλЖ";
        int[] glyphs = [.. characters.EnumerateRunes().Select(Typeface.Regular.GlyphOf)];

        Assert.DoesNotContain(0, glyphs);
        Assert.Equal(characters.Length, glyphs.Distinct().Count());
        Assert.Equal(0, Typeface.Regular.GlyphOf(new Rune(0x1f600)));
    }

    [Fact]
    public void A_font_that_is_gone_is_one_error() =>
        Assert.Equal("FontNotFound", Assert.Throws<CnnVizException>(() => Typeface.Load("gone.ttf")).ErrorId);

    [Fact]
    public void Bold_letters_are_wider_and_darker()
    {
        Assert.True(new TextStyle(Typeface.SemiBold, 20).WidthOf("Hamburg") > s_style.WidthOf("Hamburg"));
        Assert.True(Ink(Typeface.SemiBold, "Hamburg") > 1.1 * Ink(Typeface.Regular, "Hamburg"));
    }

    [Fact]
    public void The_ink_of_a_text_is_the_same_at_any_place_between_pixels_and_turned()
    {
        double upright = Coverage(s_style.Draw("aé8", Matrix3x2.CreateTranslation(30, 40))!);

        Assert.InRange(Coverage(s_style.Draw("aé8", Matrix3x2.CreateTranslation(30.37f, 40.61f))!), upright * 0.99, upright * 1.01);
        Assert.InRange(
            Coverage(s_style.Draw("aé8", Matrix3x2.CreateRotation(-MathF.PI / 2) * Matrix3x2.CreateTranslation(40, 60))!),
            upright * 0.99,
            upright * 1.01);
    }

    [Fact]
    public void Holes_of_letters_stay_open()
    {
        CoverageMask mask = new TextStyle(Typeface.SemiBold, 40).Draw("o", Matrix3x2.CreateTranslation(0, 40))!;
        var row = new float[mask.Width];
        mask.CopyRow(40 - 11 - mask.Top, row);

        int first = Array.FindIndex(row, value => value > 0.9);
        int last = Array.FindLastIndex(row, value => value > 0.9);
        Assert.True(first > 0 && last > first + 8);
        Assert.Equal(0, row[(first + last) / 2]);
        Assert.All(row, value => Assert.InRange(value, 0, 1));
    }

    [Theory]
    [InlineData("inception_4c/3x3", 60)]
    [InlineData("West Highland white terrier", 100)]
    [InlineData("WWWWWWWWWWWWWWWWWWWW", 30)]
    public void A_text_that_is_too_long_loses_its_middle(string text, float width)
    {
        string shorter = s_style.Shorten(text, width);

        Assert.InRange(s_style.WidthOf(shorter), width / 2, width);
        string[] ends = shorter.Split('…');
        Assert.Equal(2, ends.Length);
        Assert.StartsWith(ends[0], text);
        Assert.EndsWith(ends[1], text);
    }

    [Fact]
    public void A_text_that_fits_is_kept_and_one_without_a_place_is_left_out()
    {
        Assert.Equal("conv1", s_style.Shorten("conv1", s_style.WidthOf("conv1")));
        Assert.Equal(string.Empty, s_style.Shorten("conv1", 3));
    }

    [Fact]
    public void Text_that_reaches_beyond_the_picture_is_cut_off()
    {
        var canvas = new Canvas(10, 10, RgbColour.White);

        canvas.Write("mmmmmm", s_style, -12, 14, new RgbColour(0, 0, 0));
        canvas.Write("mmmmmm", s_style, 100, 100, new RgbColour(0, 0, 0));

        Assert.Equal(10 * 10 * 3, canvas.ToPicture().Samples.Length);
    }

    private static double Ink(TrueTypeFont font, string text) => Coverage(new TextStyle(font, 20).Draw(text, Matrix3x2.CreateTranslation(5, 30))!);

    private static double Coverage(CoverageMask mask)
    {
        var row = new float[mask.Width];
        double sum = 0;
        for (int i = 0; i < mask.Height; i++)
        {
            mask.CopyRow(i, row);
            sum += row.Sum(value => (double)value);
        }

        return sum;
    }
}
