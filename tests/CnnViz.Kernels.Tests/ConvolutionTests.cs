namespace CnnViz.Kernels.Tests;

/// <summary>Convolutions on odd shapes: every way that they are computed, forward and back.</summary>
public sealed class ConvolutionTests
{
    [Theory]
    [InlineData(3, 13, 17, 5, 3, 3)]
    [InlineData(1, 5, 9, 7, 4, 5)]
    [InlineData(48, 7, 7, 112, 1, 1)]
    [InlineData(20, 1, 1, 6, 1, 1)]
    [InlineData(15, 6, 5, 17, 2, 3)]
    [InlineData(16, 4, 11, 15, 3, 3)]
    [InlineData(33, 5, 4, 1, 1, 4)]
    public void Of_any_number_of_channels(int inputs, int height, int width, int outputs, int tall, int wide)
    {
        var network = new TestNetwork(inputs, height, width);
        NetworkAssert.IsRight(network, network.Convolve(network.Image, outputs, new MapWindow(new WindowAxis(tall), new WindowAxis(wide))));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    public void With_strides_dilation_and_uneven_padding(int inputs)
    {
        var rows = new WindowAxis(Kernel: 3, Stride: 3, Dilation: 2, Before: 2, After: 1);
        var columns = new WindowAxis(Kernel: 2, Stride: 2, Dilation: 3, Before: 0, After: 1);
        var network = new TestNetwork(inputs, 11, 12);
        NetworkAssert.IsRight(network, network.Convolve(network.Image, 18, new MapWindow(rows, columns), hasBias: false));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    public void With_strides_that_pass_over_inputs(int inputs)
    {
        var axis = new WindowAxis(Kernel: 1, Stride: 3);
        var network = new TestNetwork(inputs, 8, 9);
        NetworkAssert.IsRight(network, network.Convolve(network.Image, 33, new MapWindow(axis, axis)));
    }

    [Fact]
    public void Of_colours_with_a_large_window()
    {
        var axis = new WindowAxis(Kernel: 7, Stride: 2, Before: 3, After: 3);
        var network = new TestNetwork(3, 20, 17);
        NetworkAssert.IsRight(network, network.Convolve(network.Image, 24, new MapWindow(axis, axis)));
    }

    [Fact]
    public void Of_a_window_larger_than_the_map()
    {
        var network = new TestNetwork(16, 2, 3);
        NetworkAssert.IsRight(
            network, network.Convolve(network.Image, 4, new MapWindow(new WindowAxis(5, Before: 2, After: 2), new WindowAxis(5, Before: 3, After: 1))));
    }

    [Theory]
    [InlineData(16, 24, 2)]
    [InlineData(17, 9, 3)]
    public void In_groups(int inputs, int outputs, int groups)
    {
        var axis = new WindowAxis(3, Before: 1, After: 1);
        var network = new TestNetwork(groups * inputs, 5, 6);
        NetworkAssert.IsRight(network, network.Convolve(network.Image, outputs, new MapWindow(axis, axis), groups));
    }

    // Of 3×3 without gaps: in tiles of 4×4 outputs or, on small maps, of 2×2.
    [Theory]
    [InlineData(17, 9, 10, 50, 1, 1)]
    [InlineData(20, 4, 4, 70, 1, 1)]
    [InlineData(20, 3, 9, 16, 0, 0)]
    [InlineData(16, 5, 13, 40, 2, 0)]
    [InlineData(33, 13, 5, 17, 1, 2)]
    [InlineData(16, 1, 1, 16, 1, 1)]
    public void In_tiles(int inputs, int height, int width, int outputs, int before, int after)
    {
        var network = new TestNetwork(inputs, height, width);
        var window = new MapWindow(new WindowAxis(3, Before: before, After: after), new WindowAxis(3, Before: after, After: before));
        NetworkAssert.IsRight(network, network.Convolve(network.Image, outputs, window));
    }

    [Theory]
    [InlineData(8, 8, 4)]
    [InlineData(4, 6, 6)]
    [InlineData(1, 2, 20)]
    [InlineData(3, 1, 2)]
    [InlineData(24, 24, 2)]
    public void In_groups_of_few_channels(int inputs, int outputs, int groups)
    {
        var axis = new WindowAxis(3, Stride: 2, Before: 1, After: 1);
        var network = new TestNetwork(groups * inputs, 5, 6);
        NetworkAssert.IsRight(network, network.Convolve(network.Image, groups * outputs, new MapWindow(axis, axis), groups));
    }

    [Theory]
    [InlineData(5, 3, 1, 1)]
    [InlineData(16, 3, 2, 1)]
    [InlineData(37, 5, 1, 2)]
    [InlineData(96, 7, 2, 1)]
    [InlineData(20, 2, 3, 1)]
    [InlineData(50, 3, 4, 3)]
    public void Of_each_channel_by_itself(int channels, int kernel, int stride, int dilation)
    {
        var rows = new WindowAxis(kernel, stride, dilation, Before: 1, After: kernel / 2 * dilation);
        var columns = new WindowAxis(kernel, stride, dilation, Before: kernel / 2 * dilation);
        var network = new TestNetwork(channels, 13, 15);
        TestValue first = network.Convolve(network.Image, channels, new MapWindow(rows, columns), channels);
        NetworkAssert.IsRight(network, first, network.Clamp(network.Sum(first, first), -0.3f, 0.4f));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var weights = new ConvolutionWeights(() => new float[5 * 4 * 9], null, 5, 4, 3, 3);
        var window = new MapWindow(new WindowAxis(3), new WindowAxis(3));

        Assert.Throws<ArgumentException>(() => Kernel.Convolution(weights, window, new MapShape(3, 8, 8)));
        Assert.Throws<ArgumentException>(() => Kernel.Convolution(weights, window, new MapShape(4, 2, 8)));
        Assert.Throws<ArgumentException>(() => Kernel.Convolution(weights, new MapWindow(new WindowAxis(2), new WindowAxis(3)), new MapShape(4, 8, 8)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Kernel.Convolution(weights, window with { Rows = new WindowAxis(3, Stride: 0) }, new MapShape(4, 8, 8)));
        Assert.Throws<ArgumentException>(() => new ConvolutionWeights(() => [], null, 5, 4, 3, 3, groups: 2));
        Assert.Throws<ArgumentException>(() => new ConvolutionWeights(() => [], new float[4], 5, 4, 3, 3));
    }

    [Fact]
    public void Weights_that_are_not_as_many_as_announced_are_refused()
    {
        var builder = new KernelPlanBuilder(new MapShape(16, 8, 8));
        var weights = new ConvolutionWeights(() => new float[7], null, 16, 16, 1, 1);
        KernelPlan plan = builder.Build(builder.Add(
            Kernel.Convolution(weights, new MapWindow(new WindowAxis(1), new WindowAxis(1)), builder.Image.Shape)!, builder.Image));

        Assert.Throws<InvalidOperationException>(() => plan.Prepare(threads: 2));
    }
}
