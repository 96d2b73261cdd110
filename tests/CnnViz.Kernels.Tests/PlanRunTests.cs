namespace CnnViz.Kernels.Tests;

/// <summary>How plans run: batches, threads, memory, and what they refuse.</summary>
public sealed class PlanRunTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void A_picture_is_the_same_to_the_last_bit_whatever_is_beside_it_and_on_any_number_of_threads(int count)
    {
        (KernelPlan plan, int size, int outputSize) = Deep();
        float[] images = Noise.Of(count * size, 1);
        float[] gradients = Noise.Of(count * outputSize, 2);
        (float[][] Outputs, float[] Gradient)[] alone =
        [
            .. Enumerable.Range(0, count).Select(i => PlanRunner.Run(
                plan, images[(i * size)..((i + 1) * size)], 1, [gradients[(i * outputSize)..((i + 1) * outputSize)]], threads: 1)),
        ];

        foreach (int threads in (int[])[1, 2, 3, 5])
        {
            (float[][] outputs, float[] gradient) = PlanRunner.Run(plan, images, count, [gradients], threads);
            Assert.Equal(alone.SelectMany(one => one.Outputs[0]), outputs[0]);
            Assert.Equal(alone.SelectMany(one => one.Gradient), gradient);
        }
    }

    [Fact]
    public void Memory_that_is_used_again_leaves_no_trace()
    {
        (KernelPlan plan, int size, int outputSize) = Deep();
        float[] image = Noise.Of(size, 1);
        float[] gradient = Noise.Of(outputSize, 2);
        (float[][] Outputs, float[] Gradient) expected = PlanRunner.Run(plan, image, 1, [gradient], threads: 2);

        float[] bad = new float[size];
        Array.Fill(bad, float.NaN);
        PlanRunner.Run(plan, bad, 1, [gradient], threads: 2);
        PlanRunner.Run(plan, Noise.Of(3 * size, 3), 3, [Noise.Of(3 * outputSize, 4)], threads: 2);

        for (int i = 0; i < 3; i++)
        {
            (float[][] Outputs, float[] Gradient) again = PlanRunner.Run(plan, image, 1, [gradient], threads: 2);
            Assert.Equal(expected.Outputs[0], again.Outputs[0]);
            Assert.Equal(expected.Gradient, again.Gradient);
        }
    }

    [Fact]
    public void A_run_keeps_its_values_while_others_run()
    {
        (KernelPlan plan, int size, int outputSize) = Deep();
        (float[] first, float[] second) = (Noise.Of(size, 1), Noise.Of(size, 2));
        float[]?[] gradient = [Noise.Of(outputSize, 3)];
        float[][] expected = [PlanRunner.Run(plan, first, 1, gradient, 1).Gradient, PlanRunner.Run(plan, second, 1, gradient, 1).Gradient];

        using KernelRun one = PlanRunner.Forward(plan, first, 1, 1, out _);
        using KernelRun other = PlanRunner.Forward(plan, second, 1, 1, out _);
        Assert.Equal(expected[0], PlanRunner.Backward(one, gradient, 1));
        Assert.Equal(expected[1], PlanRunner.Backward(other, gradient, 1));
        Assert.Equal(expected[0], PlanRunner.Backward(one, gradient, 1));
    }

    [Fact]
    public void Several_threads_may_run_a_plan_at_once()
    {
        (KernelPlan plan, int size, int outputSize) = Deep();
        float[][] images = [.. Enumerable.Range(0, 6).Select(i => Noise.Of(size, i))];
        float[]?[] gradient = [Noise.Of(outputSize, 9)];
        float[][] expected = [.. images.Select(image => PlanRunner.Run(plan, image, 1, gradient, 1).Gradient)];

        var actual = new float[images.Length][];
        Parallel.For(0, images.Length, i => actual[i] = PlanRunner.Run(plan, images[i], 1, gradient, threads: 2).Gradient);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void To_be_prepared_changes_nothing()
    {
        (KernelPlan prepared, int size, int outputSize) = Deep();
        (float[] image, float[]?[] gradient) = (Noise.Of(size, 1), [Noise.Of(outputSize, 2)]);
        prepared.Prepare(threads: 3);

        Assert.Equal(PlanRunner.Run(Deep().Plan, image, 1, gradient, 2).Gradient, PlanRunner.Run(prepared, image, 1, gradient, 2).Gradient);
    }

    [Fact]
    public void Memory_of_another_size_is_refused()
    {
        (KernelPlan plan, int size, int outputSize) = Deep();
        Assert.Throws<ArgumentException>(() => PlanRunner.Forward(plan, new float[size - 1], 1, 1, out _));
        Assert.Throws<ArgumentException>(() => PlanRunner.Forward(plan, new float[size], 2, 1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => PlanRunner.Forward(plan, [], 0, 1, out _));

        KernelRun run = PlanRunner.Forward(plan, new float[size], 1, 1, out _);
        Assert.Throws<ArgumentException>(() => PlanRunner.Backward(run, [new float[outputSize + 1]], 1));
        Assert.Throws<ArgumentException>(() => PlanRunner.Backward(run, [], 1));
        run.Dispose();
        run.Dispose();
        Assert.Throws<ObjectDisposedException>(() => PlanRunner.Backward(run, [new float[outputSize]], 1));
    }

    [Fact]
    public void A_plan_takes_only_what_is_its_own()
    {
        var shape = new MapShape(3, 4, 4);
        var builder = new KernelPlanBuilder(shape);
        Kernel sum = Kernel.Sum(shape);
        MapValue value = builder.Add(sum, builder.Image);

        Assert.Throws<InvalidOperationException>(() => builder.Add(sum, value));
        Assert.Throws<ArgumentException>(() => builder.Add(Kernel.Sum(shape), new KernelPlanBuilder(shape).Image));
        Assert.Throws<ArgumentException>(() => builder.Add(Kernel.Sum(shape with { Channels = 4 }), value));
        Assert.Throws<ArgumentException>(() => builder.Add(Kernel.ChannelAffine(new float[3], new float[3], shape), value, value));
        Assert.Throws<ArgumentException>(() => builder.Join());
        Assert.Throws<ArgumentException>(() => builder.Build());
        builder.Build(value);
        Assert.Throws<InvalidOperationException>(() => builder.Build(value));
    }

    // Of every kind of kernel.
    private static (KernelPlan Plan, int Size, int OutputSize) Deep()
    {
        var n = new TestNetwork(3, 33, 31);
        var wide = new WindowAxis(7, Stride: 2, Before: 3, After: 3);
        var half = new WindowAxis(3, Stride: 2, Overhang: 1);
        var square = new WindowAxis(3, Before: 1, After: 1);
        var point = new WindowAxis(1);
        TestValue a = n.Clamp(n.Convolve(n.Image, 24, new MapWindow(wide, wide)));
        TestValue b = n.LocalResponseNorm(n.MaxPool(a, new MapWindow(half, half)), 5, 0.5, 1);
        TestValue c = n.Clamp(n.Convolve(b, 112, new MapWindow(square, square)));
        TestValue d = n.Clamp(n.ChannelAffine(n.Convolve(b, 48, new MapWindow(point, point))));
        TestValue e = n.Convolve(n.AvgPool(b, new MapWindow(square, square)), 24, new MapWindow(square, square), hasBias: false);
        TestValue f = n.Clamp(n.Join(c, n.Sum(e, b), d));
        KernelPlan plan = n.Build(f);
        return (plan, (int)plan.Image.Size, (int)f.Shape.Size);
    }
}
