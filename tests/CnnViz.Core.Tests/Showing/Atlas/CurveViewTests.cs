using System.Globalization;
using CnnViz.Ascent;
using CnnViz.Showing.Atlas.Data;
using CnnViz.Showing.Atlas.Pages;
using CnnViz.Showing.Files;

namespace CnnViz.Tests.Showing.Atlas;

public sealed class CurveViewTests : EngineTest, IDisposable
{
    private readonly WideModel _model = new(("conv1", 2));

    public void Dispose() => _model.Dispose();

    [Fact]
    public void The_curve_goes_from_the_left_end_to_the_right_and_is_labelled_with_its_bounds()
    {
        CurveView curve = Of([-1, 0, 3])!;

        (double X, double Y)[] points = Points(Assert.Single(curve.Lines));
        Assert.Equal(("−1.00", "3.00", "3"), (curve.Lowest, curve.Highest, curve.LastStep));
        Assert.Equal([58, 262, 466], points.Select(point => point.X));
        Assert.Equal([162, 124.5, 12], points.Select(point => point.Y));
        Assert.NotNull(curve.ZeroY);
        Assert.Contains("from −1.00 to 3.00", curve.Alt);
    }

    [Fact]
    public void A_step_that_is_no_number_parts_the_line()
    {
        CurveView curve = Of([1, 2, float.NaN, float.PositiveInfinity, 3, 4])!;

        Assert.Equal(2, curve.Lines.Count);
        Assert.Equal("4.00", curve.Highest);
    }

    [Fact]
    public void Equal_values_lie_in_the_middle() => Assert.All(Points(Of([2, 2, 2])!.Lines[0]), point => Assert.Equal(87, point.Y));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Fewer_than_two_steps_have_no_curve(int steps) => Assert.Null(Of(new float[steps]));

    [Fact]
    public void Long_ascents_are_thinned_and_end_within_the_axes()
    {
        CurveView curve = Of([.. Enumerable.Range(0, 5000).Select(step => (float)step)])!;

        (double X, double Y)[] points = Points(curve.Lines[0]);
        Assert.InRange(points.Length, 100, 256);
        Assert.All(points, point => Assert.InRange(point.X, 58, 466));
        Assert.Equal("5,000", curve.LastStep);
    }

    private CurveView? Of(float[] activations)
    {
        using FilterImage image = _model.Picture("conv1", 0, curve: activations);
        return CurveView.Of(AtlasPicture.Of(image, null));
    }

    private static (double X, double Y)[] Points(string line) =>
    [
        .. line.Split(' ').Select(point => point.Split(','))
            .Select(pair => (double.Parse(pair[0], CultureInfo.InvariantCulture), double.Parse(pair[1], CultureInfo.InvariantCulture))),
    ];
}
