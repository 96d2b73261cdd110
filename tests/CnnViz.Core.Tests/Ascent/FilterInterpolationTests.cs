using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using CnnViz.Tests.Pictures;

namespace CnnViz.Tests.Ascent;

public sealed class FilterInterpolationTests : EngineTest, IDisposable
{
    private const int Steps = 32;

    private readonly CnnModel _model = ModelImporter.Import(Path.Combine(TestFiles.Root, "module", "models", "patterns.onnx"), new ImportOptions());

    private CnnLayer Layer => _model.GetLayer("conv6");

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData("Robust")]
    [InlineData("Natural")]
    [InlineData("Classic")]
    public void Neighbours_differ_less_the_more_they_share(string recipe)
    {
        double alone = Distance(Row(0, recipe));
        double half = Distance(Row(0.5, recipe));
        double most = Distance(Row(0.9, recipe));

        Assert.True(half < 0.97 * alone, $"{half} of {alone}");
        Assert.True(most < 0.6 * alone, $"{most} of {alone}");
    }

    [Fact]
    public void The_ends_still_raise_their_filters()
    {
        FilterImage[] row = Row(0.8, "Robust");
        FilterImage[] alone = [.. new ObjectiveAscent([Layer.GetFilter(0), Layer.GetFilter(1)], Options("Robust")).Run(null, default)];

        Assert.True(NotMuchLess(row[0], alone[0]), $"{row[0].Activation} of {alone[0].Activation}");
        Assert.True(NotMuchLess(row[^1], alone[1]), $"{row[^1].Activation} of {alone[1].Activation}");
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

    private static AscentOptions Options(string recipe) => new() { Recipe = Recipe.Get(recipe) with { Steps = Steps, Size = new PictureSize(48, 48) } };

    private static bool NotMuchLess(FilterImage image, FilterImage alone) =>
        image.Activation > alone.Activation - 0.3 * Math.Abs(alone.Activation);

    private FilterImage[] Row(double alignment, string recipe) =>
        [.. new FilterInterpolation([Layer.GetFilter(0), Layer.GetFilter(1)], 5, alignment, Options(recipe)).Run(null, default)];

    private static double Distance(FilterImage[] row) => row.Zip(row.Skip(1)).Average(
        pair => pair.First.Tensor.ToFloats().Zip(pair.Second.Tensor.ToFloats(), (a, b) => Math.Abs(a - b)).Average());
}
