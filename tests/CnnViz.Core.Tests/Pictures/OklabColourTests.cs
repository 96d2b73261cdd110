using CnnViz.Pictures;

namespace CnnViz.Tests.Pictures;

public sealed class OklabColourTests
{
    [Theory]
    [InlineData(1, 0, 0, 255, 255, 255)]
    [InlineData(0, 0, 0, 0, 0, 0)]
    [InlineData(0.62796, 0.22486, 0.12585, 255, 0, 0)]
    [InlineData(0.86644, -0.23389, 0.17950, 0, 255, 0)]
    [InlineData(0.45201, -0.03246, -0.31153, 0, 0, 255)]
    public void Colours_are_those_of_the_paper(double lightness, double a, double b, byte red, byte green, byte blue)
    {
        var rgb = new byte[3];

        new OklabColour((float)lightness, (float)a, (float)b).ToRgb(rgb);

        Assert.Equal([red, green, blue], rgb);
    }

    [Fact]
    public void Each_grey_is_the_grey_of_its_lightness()
    {
        var rgb = new byte[3];
        for (int value = 0; value < 256; value++)
        {
            new OklabColour(OklabColour.LightnessOf((byte)value), 0, 0).ToRgb(rgb);

            Assert.All(rgb, sample => Assert.Equal(value, sample));
        }
    }
}
