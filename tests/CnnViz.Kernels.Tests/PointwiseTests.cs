namespace CnnViz.Kernels.Tests;

/// <summary>Operations without windows, forward and back.</summary>
public sealed class PointwiseTests
{
    [Theory]
    [InlineData(5, 4, 1.5, 1)]
    [InlineData(20, 5, 0.5, 1)]
    [InlineData(64, 3, 0.1, 2)]
    [InlineData(17, 1, 0.7, 0.5)]
    [InlineData(3, 9, 0.7, 1)]
    public void Local_response_normalization(int channels, int size, double alpha, double k)
    {
        var network = new TestNetwork(channels, 5, 7);
        NetworkAssert.IsRight(network, network.LocalResponseNorm(network.Image, size, alpha, k));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(37)]
    public void Factors_and_summands(int channels)
    {
        var network = new TestNetwork(channels, 3, 5);
        NetworkAssert.IsRight(network, network.ChannelAffine(network.Image));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(18)]
    public void Sums(int channels)
    {
        var network = new TestNetwork(channels, 3, 5);
        NetworkAssert.IsRight(network, network.Sum(network.Image, network.ChannelAffine(network.Image), network.Image));
    }

    [Theory]
    [InlineData(0, float.PositiveInfinity)]
    [InlineData(-0.5f, 0.5f)]
    [InlineData(float.NegativeInfinity, 0.25f)]
    public void Values_cut_off(float low, float high)
    {
        var network = new TestNetwork(19, 3, 5);
        NetworkAssert.IsRight(network, network.Clamp(network.Image, low, high));
    }

    [Fact]
    public void What_there_is_none_for()
    {
        var shape = new MapShape(4, 3, 3);

        Assert.Null(Kernel.LocalResponseNorm(5, 1, 0.5, 1, shape));
        Assert.Throws<ArgumentOutOfRangeException>(() => Kernel.LocalResponseNorm(0, 1, 0.75, 1, shape));
        Assert.Throws<ArgumentException>(() => Kernel.ChannelAffine(new float[4], new float[3], shape));
        Assert.Throws<ArgumentException>(() => Kernel.Sum(new MapShape(4, 0, 3)));
    }
}
