using CnnViz.Pictures;

namespace CnnViz.Tests.Pictures;

public sealed class HeatMapTests
{
    [Fact]
    public void Colours_are_evenly_apart_and_become_lighter()
    {
        OklabColour[] colours = [.. HeatMap.Colours];

        double[] steps = [.. colours.Skip(1).Zip(colours, (next, one) => next.DistanceTo(one))];
        Assert.All(steps, step => Assert.Equal(steps.Average(), step, steps.Average() * 0.1));
        Assert.All(colours.Skip(1).Zip(colours), pair => Assert.True(pair.First.Lightness > pair.Second.Lightness));
        Assert.Equal(new OklabColour(0, 0, 0), colours[0]);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-3f)]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Where_there_is_nothing_there_is_the_photo_in_grey(float value)
    {
        PictureBytes drawn = HeatMap.Draw(Photo(), [value, value]);

        Assert.True(drawn.IsGrey);
        Assert.True(drawn.Samples[0] < drawn.Samples[3], "The dark pixel stays the darker one.");
    }

    [Fact]
    public void The_photo_stays_visible_below_the_strongest_colour()
    {
        PictureBytes drawn = HeatMap.Draw(Photo(), [1, 1]);

        Assert.False(drawn.IsGrey);
        Assert.True(drawn.Samples[0] < drawn.Samples[3]);
        Assert.True(drawn.Samples[0] > drawn.Samples[2], "Yellow has little blue.");
    }

    [Fact]
    public void What_is_more_than_the_most_is_the_most() =>
        Assert.Equal(HeatMap.Draw(Photo(), [1, 1]).Samples, HeatMap.Draw(Photo(), [2, float.PositiveInfinity]).Samples);

    // A dark pixel, and a bright one.
    private static PictureBytes Photo() => new([30, 40, 50, 180, 190, 200], 1, 2, 3);
}
