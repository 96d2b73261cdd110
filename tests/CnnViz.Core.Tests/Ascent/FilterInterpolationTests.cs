using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Networks.Operators;

namespace CnnViz.Tests.Ascent;

public sealed class FilterInterpolationTests : TinyModelTest
{
    private const int Steps = 24;

    private CnnLayer Layer => Model.GetLayer("conv2");

    [Theory]
    [InlineData("Robust")]
    [InlineData("Natural")]
    [InlineData("Classic")]
    public void Neighbours_differ_less_the_more_they_share(string recipe)
    {
        double alone = Distance(Row(0, recipe));
        double half = Distance(Row(0.5, recipe));
        double most = Distance(Row(0.9, recipe));

        Assert.True(half < 0.85 * alone, $"{half} of {alone}");
        Assert.True(most < 0.6 * alone, $"{most} of {alone}");
    }

    [Fact]
    public void The_ends_still_raise_their_filters()
    {
        FilterImage[] row = Row(0.8, "Robust");
        FilterImage[] alone = [.. new ObjectiveAscent([Layer.GetFilter(0), Layer.GetFilter(2)], Options("Robust")).Run(null, default)];

        Assert.True(row[0].Activation > 0.7 * alone[0].Activation, $"{row[0].Activation} of {alone[0].Activation}");
        Assert.True(row[^1].Activation > 0.7 * alone[1].Activation, $"{row[^1].Activation} of {alone[1].Activation}");
    }

    [Fact]
    public void The_same_call_makes_the_same_row()
    {
        Assert.Equal(Row(0.8, "Robust").Select(image => image.Tensor.ToFloats()), Row(0.8, "Robust").Select(image => image.Tensor.ToFloats()));
    }

    [Fact]
    public void A_row_needs_two_filters()
    {
        CnnVizException exception = Assert.Throws<CnnVizException>(() => new FilterInterpolation([Layer.GetFilter(0)], 5, 0.5, new AscentOptions()));

        Assert.Equal("TooFewFilters", exception.ErrorId);
    }

    private static AscentOptions Options(string recipe) => new() { Recipe = Recipe.Get(recipe) with { Steps = Steps, Size = new PictureSize(32, 32) } };

    private FilterImage[] Row(double alignment, string recipe) =>
        [.. new FilterInterpolation([Layer.GetFilter(0), Layer.GetFilter(2)], 5, alignment, Options(recipe)).Run(null, default)];

    private static double Distance(FilterImage[] row) => row.Zip(row.Skip(1)).Average(
        pair => pair.First.Tensor.ToFloats().Zip(pair.Second.Tensor.ToFloats(), (a, b) => Math.Abs(a - b)).Average());
}
