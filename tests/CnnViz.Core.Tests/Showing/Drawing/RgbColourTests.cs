using CnnViz.Showing.Drawing;

namespace CnnViz.Tests.Showing.Drawing;

public sealed class RgbColourTests
{
    [Theory]
    [InlineData("white", 255, 255, 255)]
    [InlineData("#1a2B3c", 26, 43, 60)]
    [InlineData("Navy", 0, 0, 128)]
    public void Names_and_digits_are_colours(string text, byte red, byte green, byte blue) =>
        Assert.Equal(new RgbColour(red, green, blue), RgbColour.Parse(text));

    [Theory]
    [InlineData("nocolour")]
    [InlineData("#12345")]
    [InlineData("transparent")]
    [InlineData("#11223344")]
    public void Anything_else_is_refused(string text) =>
        Assert.Equal("UnknownColour", Assert.Throws<CnnVizException>(() => RgbColour.Parse(text)).ErrorId);

    [Theory]
    [InlineData("white")]
    [InlineData("black")]
    [InlineData("#777777")]
    [InlineData("navy")]
    [InlineData("gold")]
    public void Text_is_readable_on_any_ground(string ground)
    {
        RgbColour background = RgbColour.Parse(ground);

        Assert.True(RgbColour.Contrast(background, background.Text) >= 4);
        Assert.True(RgbColour.Contrast(background, background.QuietText) >= 2);
    }
}
