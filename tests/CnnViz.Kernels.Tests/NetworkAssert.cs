namespace CnnViz.Kernels.Tests;

/// <summary>Holds a network's kernels against definitions, and their gradient against finite differences of those.</summary>
internal static class NetworkAssert
{
    private const double Tolerance = 2e-5;
    private const double Step = 1e-5;

    // Images of so few values are looked at everywhere.
    private const int Few = 96;

    // Of others so many values are, of the largest gradient and of any.
    private const int Samples = 8;

    public static void IsRight(TestNetwork network, params TestValue[] outputs) => IsRight(network, 2, outputs);

    public static void IsRight(TestNetwork network, int count, params TestValue[] outputs)
    {
        KernelPlan plan = network.Build(outputs);
        int size = (int)plan.Image.Size;
        float[] images = Noise.Of(count * size, 1);
        float[][] weights = [.. outputs.Select((output, i) => Noise.Of(count * output.Shape.Size, 100 + i))];

        // In memory that others have used.
        PlanRunner.Run(plan, Noise.Of(count * size, 2), count, weights, threads: 2);
        (float[][] values, float[] gradient) = PlanRunner.Run(plan, images, count, weights, threads: 2);
        for (int image = 0; image < count; image++)
        {
            double[] input = [.. images.AsSpan(image * size, size).ToArray()];
            IReadOnlyList<double[]> expected = network.Compute(input);
            for (int i = 0; i < outputs.Length; i++)
            {
                AssertClose(expected[outputs[i].Index], Part(values[i], image, outputs[i]), $"output {i} of image {image}");
            }

            int[] places = Places(gradient.AsSpan(image * size, size).ToArray());
            AssertClose(
                [.. places.Select(place => (Score(place, Step) - Score(place, -Step)) / (2 * Step))],
                [.. places.Select(place => gradient[image * size + place])],
                $"gradient of image {image}");

            double Score(int place, double step)
            {
                double[] moved = [.. input];
                moved[place] += step;
                IReadOnlyList<double[]> all = network.Compute(moved);
                return outputs.Select((output, i) => all[output.Index].Zip(Part(weights[i], image, output), (y, w) => y * w).Sum()).Sum();
            }
        }
    }

    private static float[] Part(float[] all, int image, TestValue value) =>
        all.AsSpan(image * (int)value.Shape.Size, (int)value.Shape.Size).ToArray();

    private static int[] Places(float[] gradient)
    {
        int[] all = [.. Enumerable.Range(0, gradient.Length)];
        if (all.Length <= Few)
        {
            return all;
        }

        var random = new Random(all.Length);
        IEnumerable<int> steepest = all.OrderByDescending(place => MathF.Abs(gradient[place])).Take(Samples).ToArray();
        random.Shuffle(all);
        return [0, gradient.Length - 1, .. steepest, .. all.Take(Samples)];
    }

    private static void AssertClose(double[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = expected.Max(Math.Abs);
        Assert.True(largest > 0, $"The {what} is zero.");
        double error = expected.Zip(actual, (e, a) => double.IsNaN(a) ? double.PositiveInfinity : Math.Abs(e - a)).Max() / largest;
        Assert.True(error <= Tolerance, $"The {what} is off by {error:g2} of the largest value.");
    }
}
