using CnnViz.Quality;

namespace CnnViz.Tests.Quality.Paths;

public sealed class RankedValuesTests
{
    [Theory]
    [InlineData(new[] { 1f, 2, 3, 4 }, new[] { 10f, 20, 30, 4000 }, 1)]
    [InlineData(new[] { 1f, 2, 3, 4 }, new[] { 4f, 3, 2, 1 }, -1)]
    [InlineData(new[] { 106f, 100, 86, 101, 99, 103, 97, 113, 112, 110 }, new[] { 7f, 27, 2, 50, 28, 29, 20, 12, 6, 17 }, -0.17575757)]
    [InlineData(new[] { 1f, 1, 2, 3 }, new[] { 1f, 2, 3, 3 }, 0.8888889)]
    [InlineData(new[] { 5f, 5, 5 }, new[] { 1f, 2, 3 }, 0)]
    public void Their_products_are_Spearmans_correlation(float[] one, float[] other, double expected)
    {
        Assert.Equal(expected, new RankedValues(one).CorrelationWith(new RankedValues(other)), 1e-6);
        Assert.Equal(expected, new RankedValues(other).CorrelationWith(new RankedValues(one)), 1e-6);
    }
}
