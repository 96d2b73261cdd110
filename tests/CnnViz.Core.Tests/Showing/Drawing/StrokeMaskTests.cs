using System.Numerics;
using CnnViz.Showing.Drawing;

namespace CnnViz.Tests.Showing.Drawing;

public sealed class StrokeMaskTests
{
    [Theory]
    [InlineData(1, 4.5f, 1)]
    [InlineData(2, 5, 1)]
    [InlineData(1.75f, 4.5f, 1)]
    [InlineData(3, 4.2f, 1)]
    public void A_line_covers_as_much_as_it_is_thick(float thickness, float row, float most)
    {
        var mask = new StrokeMask([[new(2, row), new(12, row)]], thickness, 10, 15);
        float[,] coverage = Pixels(mask, 10, 15);

        Assert.Equal(thickness, Enumerable.Range(0, 10).Sum(i => coverage[i, 7]), 0.01);
        Assert.Equal(thickness * 10, coverage.Cast<float>().Sum(), 0.3 * thickness);
        Assert.InRange(coverage.Cast<float>().Max(), 0, most);
    }

    [Fact]
    public void A_line_that_turns_back_is_not_darker()
    {
        float[,] once = Pixels(new StrokeMask([[new(2, 5.3f), new(12, 5.3f)]], 1.75f, 10, 15), 10, 15);
        float[,] twice = Pixels(new StrokeMask([[new(2, 5.3f), new(12, 5.3f), new(2, 5.3f)]], 1.75f, 10, 15), 10, 15);
        Assert.Equal(once[5, 7], twice[5, 7], 1e-5);
        Assert.Equal(once[6, 7], twice[6, 7], 1e-5);
    }

    [Fact]
    public void What_lies_beyond_the_picture_is_cut_off()
    {
        float[,] coverage = Pixels(new StrokeMask([[new(-50, -20), new(60, 40)]], 2, 10, 15), 10, 15);
        Assert.InRange(coverage.Cast<float>().Sum(), 5, 60);
        Assert.DoesNotContain(Pixels(new StrokeMask([[new(100, 100), new(120, 90)]], 2, 10, 15), 10, 15).Cast<float>(), value => value > 0);
    }

    private static float[,] Pixels(StrokeMask mask, int height, int width)
    {
        var pixels = new float[height, width];
        var row = new float[mask.Width];
        for (int i = 0; i < mask.Height; i++)
        {
            mask.CopyRow(i, row);
            for (int j = 0; j < mask.Width; j++)
            {
                pixels[mask.Top + i, mask.Left + j] = row[j];
            }
        }

        return pixels;
    }
}
