using CnnViz.Ascent;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

public sealed class RandomViewsTests : EngineTest
{
    private static readonly ViewSettings s_all =
        new() { Count = 2, Jitter = 0.1, MinZoom = 0.8, MaxZoom = 1.3, Rotation = 20, Noise = 0.05 };

    [Theory]
    [InlineData(EdgeMode.Reflect)]
    [InlineData(EdgeMode.Repeat)]
    [InlineData(EdgeMode.Grey)]
    public void A_view_that_may_not_differ_is_the_image(EdgeMode edge)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor images = torch.rand(2, 3, 10, 15);

        // So little that it is resampled, but nothing moves.
        var settings = new ViewSettings { Rotation = 1e-9, Edge = edge };

        Assert.True((Draw(settings, images, 1, 2) - images).abs().max().ToSingle() < 1e-4);
    }

    [Fact]
    public void An_image_has_views_of_its_own_whatever_its_neighbours()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor images = torch.rand(3, 3, 12, 12);

        torch.Tensor together = Draw(s_all, images, 5, 6, 7);
        torch.Tensor alone = Draw(s_all, images[1].unsqueeze(0), 6);

        Assert.Equal([6, 3, 12, 12], together.shape);
        Assert.Equal(alone.ToFloats(), together.narrow(0, 2, 2).contiguous().ToFloats());
        Assert.NotEqual(together[2].ToFloats(), together[3].ToFloats());
    }

    [Fact]
    public void Zoom_shows_less_and_jitter_moves_as_a_share_of_the_size()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor ramp = torch.linspace(0, 1, 64).reshape(1, 1, 1, 64).expand(1, 1, 64, 64).contiguous();

        torch.Tensor zoomed = Draw(new ViewSettings { MinZoom = 2, MaxZoom = 2 }, ramp, 1);
        double[] means = [.. Enumerable.Range(0, 40).Select(seed =>
            Draw(new ViewSettings { Jitter = 0.1, Edge = EdgeMode.Repeat }, ramp, (ulong)seed).mean().ToDouble() - 0.5)];

        Assert.Equal(0.5, (zoomed.max() - zoomed.min()).ToDouble(), 0.03);
        Assert.InRange(means.Max(Math.Abs), 0.05, 0.1);
        Assert.True(means.Min() < -0.03 && means.Max() > 0.03);
    }

    [Fact]
    public void A_turn_is_a_turn_in_pictures_that_are_not_square_too()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor disc = torch.zeros(1, 1, 40, 80);
        disc[0, 0, 14..26, 34..46] = 1;

        torch.Tensor turned = Draw(new ViewSettings { Rotation = 180, Edge = EdgeMode.Repeat }, disc, 9);

        Assert.Equal(disc.sum().ToDouble(), turned.sum().ToDouble(), 2.0);
    }

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor images = torch.rand(1, 2, 7, 9).requires_grad_();
        torch.Tensor weights = torch.randn(2, 2, 7, 9);
        torch.Tensor Value(torch.Tensor value) => (Draw(s_all, value, 4) * weights).sum();
        torch.Tensor gradient = torch.autograd.grad([Value(images)], [images])[0];
        torch.Tensor direction = torch.randn_like(images).detach();

        double numeric = ((Value(images + direction * 1e-2) - Value(images - direction * 1e-2)) / 2e-2).ToDouble();

        Assert.Equal((gradient * direction).sum().ToDouble(), numeric, 1e-2);
    }

    private static torch.Tensor Draw(ViewSettings settings, torch.Tensor images, params ulong[] seeds)
    {
        torch.Generator[] randoms = [.. seeds.Select(seed => new torch.Generator(seed))];
        torch.Tensor views = new RandomViews(settings, randoms).Next(images.shape[1..], done: 0).Apply(images);
        Array.ForEach(randoms, random => random.Dispose());
        return views;
    }
}
