namespace CnnViz.Kernels.Tests;

/// <summary>Transposed convolutions on odd shapes, forward and back.</summary>
public sealed class TransposedConvolutionTests
{
    [Theory]
    [InlineData(20, 17, 2, 2, 0, 1)]
    [InlineData(5, 3, 4, 2, 1, 1)]
    [InlineData(33, 40, 3, 1, 1, 1)]
    [InlineData(16, 1, 3, 2, 1, 1)]
    [InlineData(18, 6, 3, 3, 0, 3)]
    [InlineData(8, 8, 3, 2, 1, 8)]
    public void Of_any_number_of_channels(int inputs, int outputs, int kernel, int stride, int padding, int groups)
    {
        var network = new TestNetwork(inputs, 4, 5);
        var axis = new WindowAxis(kernel, stride, Before: padding, After: padding);
        var output = new MapShape(outputs, (4 - 1) * stride + kernel - 2 * padding, (5 - 1) * stride + kernel - 2 * padding);
        TestValue value = network.ConvolveTransposed(network.Image, output, new MapWindow(axis, axis), groups);
        NetworkAssert.IsRight(network, value, network.Clamp(value, -0.4f, 0.5f));
    }

    [Theory]
    [InlineData(20, 1, 9, 4, 4, 5)]
    [InlineData(20, 1, 9, 4, 24, 20)]
    [InlineData(20, 17, 9, 4, 24, 20)]
    [InlineData(20, 1, 5, 2, 24, 20)]
    [InlineData(20, 1, 9, 4, 12, 20)]
    public void With_a_wide_window(int inputs, int outputs, int kernel, int padding, int height, int width)
    {
        var network = new TestNetwork(inputs, height, width);
        var axis = new WindowAxis(kernel, 2, Before: padding, After: padding);
        NetworkAssert.IsRight(network, network.ConvolveTransposed(network.Image, new MapShape(outputs, 2 * height, 2 * width), new MapWindow(axis, axis)));
    }

    [Fact]
    public void With_dilation_and_rows_that_no_window_reaches()
    {
        var network = new TestNetwork(19, 3, 4);
        var rows = new WindowAxis(2, Stride: 3, Dilation: 2, Before: 1);
        var columns = new WindowAxis(1, Stride: 2);
        NetworkAssert.IsRight(network, network.ConvolveTransposed(network.Image, new MapShape(20, 9, 8), new MapWindow(rows, columns)));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        var weights = new ConvolutionWeights(() => new float[5 * 4 * 9], null, 5, 4, 3, 3);
        var window = new MapWindow(new WindowAxis(3), new WindowAxis(3));

        Assert.Throws<ArgumentException>(
            () => Kernel.TransposedConvolution(weights, null, window, new MapShape(5, 4, 4), new MapShape(4, 7, 6)));
        Assert.Throws<ArgumentException>(
            () => Kernel.TransposedConvolution(weights, new float[5], window, new MapShape(5, 4, 4), new MapShape(4, 6, 6)));
    }
}
