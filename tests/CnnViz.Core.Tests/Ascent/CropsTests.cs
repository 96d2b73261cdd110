using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

public sealed class CropsTests : EngineTest
{
    private static readonly ViewSettings s_crops = new() { Count = 3, Height = 12, Width = 12, CropFrom = 0.5, CropTo = 0.25 };

    [Fact]
    public void Crops_are_an_images_own_and_those_of_its_seed()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor images = torch.rand(1, 3, 30, 30).expand(3, -1, -1, -1);

        torch.Tensor together = Draw(s_crops, images, 0.4, 5, 6, 7);

        Assert.Equal([9, 3, 12, 12], together.shape);
        Assert.Equal(Draw(s_crops, images[1].unsqueeze(0), 0.4, 6).ToFloats(), together.narrow(0, 3, 3).contiguous().ToFloats());
        Assert.Equal(9, Enumerable.Range(0, 9).Select(i => together[i].sum().ToSingle()).Distinct().Count());
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(0.5, 0.375)]
    [InlineData(1, 0.25)]
    public void Their_side_goes_in_a_straight_line(double done, double expected)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var settings = s_crops with { Count = 1, CropSpread = 0, CropShift = 0 };

        float[] view = Draw(settings, Ramp(256), done, 1)[0, 0, 0].ToFloats();

        // From the middle of the first pixel to that of the last.
        Assert.Equal(expected * 11 / 12, view[^1] - view[0], 0.01);
        Assert.Equal(0.5, view.Average(), 0.01);
    }

    [Fact]
    public void Their_side_varies_within_limits_and_their_centre_around_the_middle()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor wide = Draw(s_crops with { Count = 200, CropSpread = 1, CropShift = 0 }, Ramp(256), 0, 1);
        torch.Tensor moved = Draw(s_crops with { Count = 200, CropTo = 0.05, CropSpread = 0 }, Ramp(1024), 1, 2);

        torch.Tensor sides = (wide.select(3, 11) - wide.select(3, 0)).select(2, 0).flatten() * 12 / 11;
        torch.Tensor centres = moved.mean([1, 2, 3]);

        Assert.Equal(0.05, sides.min().ToDouble(), 0.005);
        Assert.Equal(1, sides.max().ToDouble(), 0.01);
        Assert.Equal(0.5, centres.mean().ToDouble(), 0.04);
        Assert.Equal(0.15, centres.std().ToDouble(), 0.03);
    }

    [Fact]
    public void A_square_view_of_an_oblong_image_is_its_middle_undistorted()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor image = torch.rand(1, 2, 20, 35);

        torch.Tensor view = Draw(new ViewSettings { Height = 20, Width = 20 }, image.narrow(3, 0, 34), 0, 1);

        Assert.Equal(0, (view - image.narrow(3, 7, 20)).abs().max().ToSingle(), 1e-4f);
    }

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var settings = s_crops with { Rotation = 20, Jitter = 0.1, MaxZoom = 1.2, Width = 8 };
        torch.Tensor images = torch.rand(1, 2, 15, 21).requires_grad_();
        torch.Tensor weights = torch.randn(3, 2, 12, 8);
        torch.Tensor Value(torch.Tensor value) => (Draw(settings, value, 0.3, 4) * weights).sum();
        torch.Tensor gradient = torch.autograd.grad([Value(images)], [images])[0];
        torch.Tensor direction = torch.randn_like(images).detach();

        double numeric = ((Value(images + direction * 1e-2) - Value(images - direction * 1e-2)) / 2e-2).ToDouble();

        Assert.Equal((gradient * direction).sum().ToDouble(), numeric, 1e-2);
    }

    [Theory]
    [InlineData(40, 40, 20, 20)]
    [InlineData(40, 60, 20, 20)]
    [InlineData(30, 20, 40, 40)]
    [InlineData(33, 47, 20, 10)]
    public void A_picture_is_shown_by_its_middle_at_the_size_of_views(int height, int width, int tall, int wide)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor ramps = torch.stack(
            [torch.linspace(-1, 1, height).unsqueeze(1).expand(height, width), torch.linspace(-1, 1, width).expand(height, width)]);

        torch.Tensor view = CentralView.Of(ramps.unsqueeze(0), new Extent(tall, wide))[0];

        Assert.Equal([2, tall, wide], view.shape);
        Assert.Equal(0, view.mean([1, 2]).abs().max().ToSingle(), 0.03f);
        Assert.True(view[0].max().ToSingle() > 0.85 || view[1].max().ToSingle() > 0.85);
    }

    private static torch.Tensor Ramp(int size) => torch.linspace(0.5 / size, 1 - 0.5 / size, size).reshape(1, 1, 1, size).expand(1, 1, size, size);

    private static torch.Tensor Draw(ViewSettings settings, torch.Tensor images, double done, params ulong[] seeds)
    {
        torch.Generator[] randoms = [.. seeds.Select(seed => new torch.Generator(seed))];
        torch.Tensor views = new RandomViews(settings, randoms).Next(images.shape[1..], done).Apply(images.contiguous());
        Array.ForEach(randoms, random => random.Dispose());
        return views;
    }
}
