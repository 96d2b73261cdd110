namespace CnnViz.Kernels.Tests;

/// <summary>Sums over values without their signs.</summary>
public sealed class MagnitudesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(53)]
    public void Are_those_of_the_values_one_by_one(int count)
    {
        float[] values = [.. Enumerable.Range(0, count).Select(i => (i % 3 - 1) * (i + 0.25f))];
        float[] sums = [.. values.Select(value => 2f)];

        Assert.Equal(values.Select(MathF.Abs).Prepend(0).Max(), Magnitudes.Largest(values));
        Assert.Equal(values.Sum(MathF.Abs), Magnitudes.Sum(values), 1e-3f);
        Assert.Equal(values.Sum(value => value * value), Magnitudes.SumOfSquares(values), 1e-1f);
        Magnitudes.Add(values, 0.5f, sums);
        Assert.Equal(values.Select(value => 2 + MathF.Abs(value) / 2), sums);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(20)]
    public void The_largest_is_not_finite_if_one_is_not(int place)
    {
        var values = new float[21];
        values[place] = float.NaN;
        Assert.False(float.IsFinite(Magnitudes.Largest(values)));
        values[place] = float.NegativeInfinity;
        Assert.Equal(float.PositiveInfinity, Magnitudes.Largest(values));
    }
}
