using CnnViz.Ascent;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Ascent.References;

public sealed class ReferenceDistributionTests : EngineTest
{
    [Fact]
    public void Maps_with_the_same_values_at_other_positions_are_at_no_distance()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor maps = Noise(3, 256);
        torch.Tensor shuffled = maps.index_select(1, torch.tensor(Shuffled(256)));
        ReferenceDistribution distribution = Of(maps);

        Assert.Equal(0, distribution.Distance(shuffled.reshape(1, 3, 16, 16)).ToSingle(), 1e-6f);
        Assert.True(distribution.Distance(maps.reshape(1, 3, 16, 16).flip(1)).ToSingle() > 0.1f);
    }

    [Fact]
    public void The_distance_of_nothing_is_one_and_that_of_the_double_too()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor maps = Noise(2, 256);
        ReferenceDistribution distribution = Of(maps);

        Assert.Equal(1, distribution.Distance(torch.zeros(1, 2, 16, 16)).ToSingle(), 1e-5f);
        Assert.Equal(1, distribution.Distance(2 * maps.reshape(1, 2, 16, 16)).ToSingle(), 1e-5f);
    }

    [Theory]
    [InlineData(5, 7)]
    [InlineData(1, 1)]
    [InlineData(40, 41)]
    public void Maps_of_any_size_are_compared(int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ReferenceDistribution distribution = Of(torch.full([2, 9], 3f));

        Assert.Equal([0f, 0f], distribution.Distance(torch.full([2, 2, height, width], 3f)).ToFloats());
        Assert.Equal(1 / 9f, distribution.Distance(torch.full([1, 2, height, width], 2f)).ToSingle(), 1e-6f);
    }

    [Fact]
    public void Of_several_photos_it_is_the_mean_of_the_sorted_values()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var distribution = new ReferenceDistribution(1);
        distribution.Add(torch.full([1, 4], 1f));
        distribution.Add(torch.full([1, 4], 5f));

        Assert.Equal(0, distribution.Distance(torch.full([1, 1, 3, 3], 3f)).ToSingle());
    }

    [Fact]
    public void The_gradient_is_that_of_finite_differences()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ReferenceDistribution distribution = Of(Noise(2, 64));
        torch.Tensor maps = (Noise(2, 12, seed: 8) * 3).reshape(1, 2, 3, 4).requires_grad_();

        distribution.Distance(maps).sum().backward();

        float[] gradient = maps.grad!.ToFloats();
        const float Step = 1e-2f;
        for (int i = 0; i < gradient.Length; i++)
        {
            float[] Moved(float by)
            {
                float[] values = maps.detach().ToFloats();
                values[i] += by;
                return values;
            }

            double difference = Distance(Moved(Step)) - Distance(Moved(-Step));
            Assert.Equal(difference / (2 * Step), gradient[i], 2e-3);
        }

        double Distance(float[] values) => distribution.Distance(torch.tensor(values, [1, 2, 3, 4])).ToSingle();
    }

    private static ReferenceDistribution Of(torch.Tensor maps)
    {
        var distribution = new ReferenceDistribution((int)maps.shape[0]);
        distribution.Add(maps);
        return distribution;
    }

    private static torch.Tensor Noise(long channels, long positions, ulong seed = 5)
    {
        using var random = new torch.Generator(seed);
        return torch.randn([channels, positions], generator: random) + torch.arange(channels).reshape(-1, 1);
    }

    private static long[] Shuffled(int count)
    {
        long[] all = [.. Enumerable.Range(0, count)];
        new Random(3).Shuffle(all);
        return all;
    }
}
