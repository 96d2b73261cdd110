namespace CnnViz.Kernels.Tests;

/// <summary>Products, gates, and channels that are taken, shuffled and joined.</summary>
public sealed class ChannelTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(35)]
    public void Products(int channels)
    {
        var network = new TestNetwork(channels, 3, 5);
        TestValue other = network.ChannelAffine(network.Image);
        NetworkAssert.IsRight(network, network.Product(network.Image, other), network.Product(other, other));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(40)]
    public void Gates_as_of_squeeze_and_excitation(int channels)
    {
        var network = new TestNetwork(channels, 4, 7);
        TestValue squeezed = Mean(network, network.Image);
        var axis = new WindowAxis(1);
        TestValue hidden = network.Clamp(network.Convolve(squeezed, 6, new MapWindow(axis, axis)));
        TestValue gate = network.Function(
            network.Convolve(hidden, channels, new MapWindow(axis, axis)), ScalarFunction.Sigmoid, x => 1 / (1 + Math.Exp(-x)));
        NetworkAssert.IsRight(network, 3, network.Product(network.Image, gate));
    }

    [Fact]
    public void Parts_of_the_channels()
    {
        var network = new TestNetwork(37, 4, 3);
        TestValue value = network.Clamp(network.ChannelAffine(network.Image), -0.2f, 0.3f);
        TestValue first = network.Take(value, 0, 18);
        TestValue second = network.Take(value, 18, 19);
        TestValue more = network.Convolve(second, 20, new MapWindow(new WindowAxis(3, Before: 1, After: 1), new WindowAxis(1)));
        NetworkAssert.IsRight(network, network.Join(first, more), network.Clamp(network.Take(second, 3, 5)));
    }

    [Fact]
    public void A_part_that_is_all_that_is_used()
    {
        var network = new TestNetwork(20, 4, 3);
        TestValue value = network.Clamp(network.ChannelAffine(network.Image));
        TestValue part = network.Take(value, 3, 9);
        NetworkAssert.IsRight(network, network.Sum(part, part));
    }

    [Fact]
    public void Parts_of_what_is_joined_and_of_the_image()
    {
        var network = new TestNetwork(18, 3, 3);
        TestValue joined = network.Join(network.ChannelAffine(network.Image), network.Take(network.Image, 2, 16));
        NetworkAssert.IsRight(network, network.Clamp(network.Take(joined, 10, 17)), network.Join(network.Take(joined, 1, 4), joined));
    }

    [Fact]
    public void Channels_in_another_order()
    {
        var network = new TestNetwork(5, 3, 2);
        TestValue shuffled = network.ChannelGather(network.Image, 3, 0, -1, 4, 4, 1);
        NetworkAssert.IsRight(network, shuffled, network.Sum(shuffled, network.Clamp(shuffled)));
    }

    [Theory]
    [InlineData(12, 2, true)]
    [InlineData(80, 2, false)]
    [InlineData(27, 3, true)]
    [InlineData(9, 3, false)]
    public void Channels_as_pixels_of_a_block(int channels, int block, bool isChannelFirst)
    {
        var network = new TestNetwork(channels, 3, 4);
        TestValue value = network.Clamp(network.ChannelAffine(network.Image), -0.4f, 0.4f);
        TestValue shuffled = network.PixelShuffle(value, block, isChannelFirst);
        NetworkAssert.IsRight(network, shuffled, network.PixelUnshuffle(network.Clamp(shuffled), block, isChannelFirst));
    }

    [Theory]
    [InlineData(3, 2, true)]
    [InlineData(20, 2, false)]
    [InlineData(1, 3, true)]
    public void Pixels_of_a_block_as_channels(int channels, int block, bool isChannelFirst)
    {
        var network = new TestNetwork(channels, 2 * block, 3 * block);
        TestValue value = network.PixelUnshuffle(network.Image, block, isChannelFirst);
        NetworkAssert.IsRight(network, value, network.Sum(network.Image, network.PixelShuffle(value, block, isChannelFirst)));
    }

    [Fact]
    public void Blocks_that_there_are_none_of()
    {
        Assert.Throws<ArgumentException>(() => Kernel.PixelShuffle(2, true, new MapShape(6, 3, 3)));
        Assert.Throws<ArgumentException>(() => Kernel.PixelShuffle(0, true, new MapShape(6, 3, 3)));
        Assert.Throws<ArgumentException>(() => Kernel.PixelUnshuffle(2, true, new MapShape(6, 4, 3)));
    }

    [Theory]
    [InlineData(21, false)]
    [InlineData(4, true)]
    [InlineData(64, true)]
    public void Softmax(int channels, bool isLogarithm)
    {
        var network = new TestNetwork(channels, 3, 2);
        NetworkAssert.IsRight(network, network.Softmax(network.ChannelAffine(network.Image, 3, 0), isLogarithm));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(50)]
    public void Layer_normalization(int channels)
    {
        var network = new TestNetwork(channels, 3, 4);
        NetworkAssert.IsRight(network, network.ChannelNorm(network.Image), network.Image);
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(3, 3)]
    [InlineData(36, 2)]
    [InlineData(40, 1)]
    [InlineData(12, 4)]
    public void Group_and_instance_normalization(int channels, int groups)
    {
        var network = new TestNetwork(channels, 5, 4);
        NetworkAssert.IsRight(network, network.GroupNorm(network.Image, groups), network.Image);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var builder = new KernelPlanBuilder(new MapShape(4, 3, 3));
        var shape = new MapShape(4, 3, 3);

        Assert.Throws<ArgumentException>(() => builder.Add(Kernel.Product(shape), builder.Image));
        Assert.Throws<ArgumentException>(() => builder.Add(Kernel.Product(shape, isGate: true), builder.Image, builder.Image));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Take(builder.Image, 3, 2));
        Assert.Throws<ArgumentException>(() => Kernel.ChannelGather([4], shape));
        Assert.Throws<ArgumentException>(() => Kernel.ChannelNorm(new float[3], new float[4], 0, shape));
        Assert.Throws<ArgumentException>(() => Kernel.GroupNorm(new float[4], new float[4], 3, 0, shape));
        Assert.Throws<ArgumentException>(() => Kernel.ChannelRectifier(new float[3], shape));
    }

    private static TestValue Mean(TestNetwork network, TestValue x) => network.Resample(
        x,
        AxisWeights.Mean(x.Shape.Height, 1),
        AxisWeights.Mean(x.Shape.Width, 1),
        (value, shape) => [.. Enumerable.Range(0, shape.Channels).Select(channel =>
            value.AsSpan(channel * x.Shape.Pixels, x.Shape.Pixels).ToArray().Average())]);
}
