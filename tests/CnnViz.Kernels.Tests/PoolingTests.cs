namespace CnnViz.Kernels.Tests;

/// <summary>Poolings on odd shapes, forward and back.</summary>
public sealed class PoolingTests
{
    // Kernel, stride, padding before, padding after, overhang.
    public static TheoryData<int, int, int, int, int> Axes => new()
    {
        { 2, 2, 0, 0, 0 },
        { 3, 2, 0, 0, 1 },
        { 3, 1, 1, 1, 0 },
        { 3, 2, 1, 2, 0 },
        { 2, 3, 1, 0, 1 },
        { 7, 1, 0, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Axes))]
    public void Largest_values(int kernel, int stride, int before, int after, int overhang)
    {
        foreach (int channels in (int[])[1, 20, 33])
        {
            var network = new TestNetwork(channels, 8, 9);
            NetworkAssert.IsRight(network, network.MaxPool(network.Image, WindowOf(kernel, stride, before, after, overhang)));
        }
    }

    [Theory]
    [MemberData(nameof(Axes))]
    public void Means(int kernel, int stride, int before, int after, int overhang)
    {
        foreach (bool countPadding in (bool[])[false, true])
        {
            var network = new TestNetwork(20, 8, 9);
            NetworkAssert.IsRight(network, network.AvgPool(network.Image, WindowOf(kernel, stride, before, after, overhang), countPadding));
        }
    }

    [Fact]
    public void Largest_values_with_dilation()
    {
        var network = new TestNetwork(5, 9, 10);
        var window = new MapWindow(new WindowAxis(3, Dilation: 2, Before: 1, After: 1), new WindowAxis(2, Dilation: 3, After: 1));
        NetworkAssert.IsRight(network, network.MaxPool(network.Image, window));
    }

    [Fact]
    public void Of_equal_values_the_first_has_the_gradient()
    {
        var builder = new KernelPlanBuilder(new MapShape(1, 2, 2));
        var axis = new WindowAxis(2);
        KernelPlan plan = builder.Build(builder.Add(Kernel.MaxPool(new MapWindow(axis, axis), builder.Image.Shape)!, builder.Image));

        Assert.Equal([0, 3, 0, 0], PlanRunner.Run(plan, [0, 7, 7, 7], 1, [[3]], threads: 1).Gradient);
    }

    [Fact]
    public void What_there_is_none_for()
    {
        var shape = new MapShape(4, 40, 40);
        var large = new MapWindow(new WindowAxis(17), new WindowAxis(17));
        var gapped = new MapWindow(new WindowAxis(3, Dilation: 2), new WindowAxis(3));

        Assert.Null(Kernel.MaxPool(large, shape));
        Assert.Null(Kernel.AvgPool(large, false, shape));
        Assert.Null(Kernel.AvgPool(gapped, false, shape));
        Assert.Throws<ArgumentException>(() => Kernel.MaxPool(large, new MapShape(4, 16, 40)));
        Assert.Throws<ArgumentException>(() => Kernel.AvgPool(large, true, new MapShape(4, 40, 16)));
    }

    private static MapWindow WindowOf(int kernel, int stride, int before, int after, int overhang) => new(
        new WindowAxis(kernel, stride, 1, before, after, overhang), new WindowAxis(kernel, stride, 1, after, before));
}
