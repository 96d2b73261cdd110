namespace CnnViz.Kernels.Tests;

/// <summary>Several kernels in a plan: values that are joined, cut off, used more than once, or wanted.</summary>
public sealed class PlanTests
{
    private static readonly MapWindow s_point = new(new WindowAxis(1), new WindowAxis(1));
    private static readonly MapWindow s_square = new(new WindowAxis(3, Before: 1, After: 1), new WindowAxis(3, Before: 1, After: 1));
    private static readonly MapWindow s_half = new(new WindowAxis(2, Stride: 2), new WindowAxis(2, Stride: 2));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Joined_with_what_came_before_and_the_image(int count)
    {
        var n = new TestNetwork(4, 7, 6);
        TestValue a = n.Clamp(n.Convolve(n.Image, 20, s_point));
        TestValue b = n.Clamp(n.Convolve(a, 24, s_square));
        NetworkAssert.IsRight(n, count, n.Join(a, b, n.Image));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Joined_twice_and_cut_off_together(int count)
    {
        var n = new TestNetwork(4, 7, 6);
        TestValue a = n.Convolve(n.Image, 20, s_point);
        TestValue c = n.Join(a, n.Image);
        TestValue d = n.Clamp(n.Join(c, a, c));
        NetworkAssert.IsRight(n, count, n.Convolve(d, 8, s_square));
    }

    [Fact]
    public void Cut_off_here_and_wanted_whole_there()
    {
        var n = new TestNetwork(4, 8, 6);
        TestValue a = n.Convolve(n.Image, 16, s_point);
        TestValue r = n.Clamp(a);
        TestValue c = n.Join(r, a);
        NetworkAssert.IsRight(n, n.Join(n.MaxPool(r, s_half), n.MaxPool(c, s_half)));
    }

    [Fact]
    public void Cut_off_twice()
    {
        var n = new TestNetwork(4, 7, 6);
        TestValue a = n.Clamp(n.Clamp(n.Convolve(n.Image, 18, s_square), -0.5f), -1, 0.5f);
        NetworkAssert.IsRight(n, n.Convolve(a, 5, s_square));
    }

    [Fact]
    public void Summed_with_what_it_is_made_of()
    {
        var n = new TestNetwork(4, 7, 6);
        TestValue a = n.Convolve(n.Image, 16, s_point);
        TestValue b = n.Convolve(a, 16, s_square);
        TestValue r = n.Clamp(n.Sum(a, b));
        NetworkAssert.IsRight(n, n.Clamp(n.Sum(r, b, r)));
    }

    [Fact]
    public void Parts_of_what_is_joined_cut_off_in_different_ways()
    {
        var n = new TestNetwork(4, 7, 6);
        TestValue a = n.Clamp(n.Convolve(n.Image, 17, s_square));
        TestValue b = n.Clamp(n.Convolve(n.Image, 15, s_point), -0.25f, 0.25f);
        TestValue c = n.Clamp(n.Join(a, b, a), 0.1f);
        NetworkAssert.IsRight(n, n.Convolve(c, 16, s_square), n.LocalResponseNorm(c, 5, 0.5, 1));
    }

    [Fact]
    public void Used_with_others_and_then_alone()
    {
        var n = new TestNetwork(4, 8, 6);
        TestValue a = n.Convolve(n.Image, 20, s_point);
        TestValue b = n.Convolve(n.Image, 6, s_point);
        TestValue together = n.MaxPool(n.Join(a, b), s_half);
        NetworkAssert.IsRight(n, together, n.MaxPool(a, s_half));
    }

    [Fact]
    public void Joined_though_only_a_part_is_wanted()
    {
        var n = new TestNetwork(4, 8, 6);
        TestValue a = n.Convolve(n.Image, 20, s_point);
        TestValue b = n.Convolve(a, 6, s_point);
        n.Join(b, a);
        NetworkAssert.IsRight(n, n.MaxPool(a, s_half));
    }

    // Kernels of few channels leave it to others to pass over what was cut off.
    [Fact]
    public void Few_channels_cut_off_and_used_twice()
    {
        var n = new TestNetwork(3, 8, 6);
        TestValue a = n.Clamp(n.Convolve(n.Image, 5, s_square));
        NetworkAssert.IsRight(n, n.Join(n.Convolve(a, 17, s_square), n.Sum(a, a), n.ChannelAffine(a)));
    }

    [Fact]
    public void Several_are_wanted()
    {
        var n = new TestNetwork(4, 7, 6);
        TestValue a = n.Convolve(n.Image, 20, s_square);
        TestValue b = n.Clamp(a);
        TestValue c = n.Convolve(b, 5, s_square);
        NetworkAssert.IsRight(n, c, a, b, n.Image, a);
    }

    [Fact]
    public void One_that_has_no_gradient_has_no_part()
    {
        var n = new TestNetwork(4, 7, 6);
        TestValue a = n.Convolve(n.Image, 20, s_square);
        TestValue b = n.Convolve(n.Clamp(a), 5, s_square);
        KernelPlan plan = n.Build(a, b, a);
        float[] image = Noise.Of(plan.Image.Size, 1);
        float[] gradient = Noise.Of(a.Shape.Size, 2);

        float[] expected = PlanRunner.Run(plan, image, 1, [gradient, new float[b.Shape.Size], new float[a.Shape.Size]], threads: 2).Gradient;

        Assert.Contains(expected, value => value != 0);
        Assert.Equal(expected, PlanRunner.Run(plan, image, 1, [gradient, null, null], threads: 2).Gradient);
        Assert.Equal(expected, PlanRunner.Run(plan, image, 1, [null, null, gradient], threads: 2).Gradient);
    }

    [Fact]
    public void What_is_no_number_stays_so()
    {
        var n = new TestNetwork(3, 8, 8);
        KernelPlan plan = n.Build(n.MaxPool(n.Clamp(n.Convolve(n.Image, 24, s_square)), s_half));
        float[] image = Noise.Of(plan.Image.Size, 1);
        image[40] = float.NaN;

        using KernelRun run = PlanRunner.Forward(plan, image, 1, threads: 1, out float[][] outputs);
        Assert.Contains(outputs[0], float.IsNaN);
        Assert.Contains(outputs[0], float.IsFinite);
    }
}
