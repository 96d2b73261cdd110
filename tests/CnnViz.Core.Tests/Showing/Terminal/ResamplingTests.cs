using CnnViz.Networks.Operators;
using CnnViz.Showing.Terminal;

namespace CnnViz.Tests.Showing.Terminal;

public sealed class ResamplingTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 5)]
    [InlineData(31, 64)]
    [InlineData(12, 12)]
    public void One_colour_stays_one_colour(int width, int height)
    {
        var picture = new RgbPicture(12, 12, [.. Enumerable.Repeat((byte)93, 432)]);

        RgbPicture other = Resampling.Resize(picture, width, height);

        Assert.Equal((width, height, width * height * 3), (other.Width, other.Height, other.Pixels.Length));
        Assert.All(other.Pixels, value => Assert.Equal(93, value));
    }

    [Fact]
    public void Stripes_become_the_grey_of_half_the_light()
    {
        // Black and white columns: half the light is 188 in sRGB.
        var stripes = new RgbPicture(64, 4, [.. Enumerable.Range(0, 64 * 4).SelectMany(i => Enumerable.Repeat((byte)(i % 2 * 255), 3))]);

        Assert.All(Resampling.Resize(stripes, 8, 2).Pixels, value => Assert.InRange(value, 187, 189));
    }

    [Fact]
    public void Pixels_count_by_the_share_of_them_that_is_covered()
    {
        // Three pixels to two: each has one and a half, of which the white one in the middle is a third.
        var picture = new RgbPicture(3, 1, [0, 0, 0, 255, 255, 255, 0, 0, 0]);

        // A third of the light.
        Assert.All(Resampling.Resize(picture, 2, 1).Pixels, value => Assert.InRange(value, 155, 157));
    }

    [Fact]
    public void A_larger_picture_has_the_corners_of_the_small_one_and_goes_evenly_between_them()
    {
        var picture = new RgbPicture(2, 2, [0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255]);

        RgbPicture large = Resampling.Resize(picture, 20, 8);

        Assert.Equal(0, large[0, 0]);
        Assert.Equal(0xFFFFFF, large[19, 7]);
        Assert.All(Enumerable.Range(1, 19), x => Assert.True(large[x, 3] >= large[x - 1, 3]));
    }

    [Fact]
    public void Rows_are_told_from_columns()
    {
        RgbPicture picture = TestScreen.Gradient(40, 30);

        RgbPicture small = Resampling.Resize(picture, 10, 10);

        Assert.True((small[9, 0] >> 16) > (small[0, 9] >> 16) + 100);
        Assert.True(((small[0, 9] >> 8) & 255) > ((small[9, 0] >> 8) & 255) + 100);
    }
}
