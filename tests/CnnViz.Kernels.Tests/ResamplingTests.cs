namespace CnnViz.Kernels.Tests;

/// <summary>Weighted sums along rows and columns: means, pads, cuts and enlargements.</summary>
public sealed class ResamplingTests
{
    [Theory]
    [InlineData(5, 3)]
    [InlineData(4, 7)]
    [InlineData(6, 2)]
    [InlineData(7, 7)]
    public void Means_of_adaptive_pooling(int inputs, int outputs) =>
        AssertRight(AxisWeights.Mean(inputs, outputs), AxisWeights.Mean(4, 2), 19);

    [Fact]
    public void Places_that_are_picked_repeated_or_empty() => AssertRight(
        AxisWeights.Pick(4, [-1, 0, 0, 3, 1, -1]), AxisWeights.Pick(3, [2, 1, 0, 1]), 5);

    [Fact]
    public void Any_weights() => AssertRight(
        new AxisWeights(3, [[(0, 0.25f), (1, 0.75f)], [(1, -0.5f), (2, 1.5f)], []]),
        new AxisWeights(2, [[(0, 1f)], [(0, 0.5f), (1, 0.5f), (1, 0.25f)]]),
        33);

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        AxisWeights three = AxisWeights.Mean(3, 1);

        Assert.Throws<ArgumentException>(() => Kernel.Resample(three, three, new MapShape(2, 3, 4)));
        Assert.Throws<ArgumentException>(() => AxisWeights.Pick(3, [3]));
        Assert.Throws<ArgumentException>(() => AxisWeights.Pick(3, []));
    }

    private static void AssertRight(AxisWeights rows, AxisWeights columns, int channels)
    {
        var network = new TestNetwork(channels, rows.Inputs, columns.Inputs);
        TestValue value = network.Resample(network.Image, rows, columns, (x, shape) =>
        {
            var result = new double[shape.Size];
            for (int i = 0; i < result.Length; i++)
            {
                (int channel, int row, int column) = (i / shape.Pixels, i % shape.Pixels / shape.Width, i % shape.Width);
                foreach ((int y, float down) in rows[row])
                {
                    foreach ((int z, float across) in columns[column])
                    {
                        result[i] += down * across * x[(channel * rows.Inputs + y) * columns.Inputs + z];
                    }
                }
            }

            return result;
        });
        NetworkAssert.IsRight(network, value, network.Image);
    }
}
