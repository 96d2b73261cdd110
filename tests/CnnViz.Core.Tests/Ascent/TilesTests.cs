using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using CnnViz.Tests.Pictures;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

/// <summary>Pictures that join with themselves on all sides.</summary>
public sealed class TilesTests : EngineTest
{
    [Fact]
    public void A_moved_view_shows_the_other_side_of_the_image_and_its_gradient_goes_there()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor image = torch.rand(1, 3, 6, 8).requires_grad_();

        // Three pixels across, and one down.
        torch.Tensor map = torch.tensor([1f, 0, 3f * 2 / 8, 0, 1, 1f * 2 / 6]).reshape(1, 2, 3);
        torch.Tensor view = new DrawnViews(new ViewSettings { Edge = EdgeMode.Wrap }, map, null, null).Apply(image);
        torch.Tensor rolled = image.roll([-1, -3], [2, 3]);

        Assert.True((view - rolled).abs().max().ToSingle() < 1e-5);
        torch.Tensor weights = torch.rand_like(image);
        torch.Tensor[] gradient = [.. torch.autograd.grad([(view * weights).sum()], [image])];
        Assert.True((gradient[0] - weights.roll([1, 3], [2, 3])).abs().max().ToSingle() < 1e-5);
    }

    [Fact]
    public void Places_between_the_last_pixel_and_the_first_are_between_their_values()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor image = torch.tensor([0f, 0, 0, 1]).reshape(1, 1, 1, 4);
        torch.Tensor half = torch.tensor([1f, 0, 0.5f * 2 / 4, 0, 1, 0]).reshape(1, 2, 3);

        float[] view = new DrawnViews(new ViewSettings { Edge = EdgeMode.Wrap }, half, null, null).Apply(image).ToFloats();

        Assert.Equal([0, 0, 0.5f, 0.5f], view.Select(value => MathF.Round(value, 4)));
    }

    [Theory]
    [InlineData("Robust")]
    [InlineData("Natural")]
    public void A_seam_is_no_other_than_the_inside(string recipe)
    {
        using CnnModel model = ModelImporter.Import(Path.Combine(TestFiles.Root, "module", "models", "patterns.onnx"), new ImportOptions());
        Recipe named = Recipe.Get(recipe);
        var options = new AscentOptions
        {
            Recipe = named with { Steps = 64, Size = new PictureSize(64, 64), Views = named.Views with { Edge = EdgeMode.Wrap } },
        };
        double[] ratios = [.. new FilterAscent(model.GetLayer("conv6"), options).Run([0, 1, 2, 3], null, default).Select(Seam)];

        // Of reflected edges, about twice as much.
        Assert.InRange(ratios.Average(), 0.6, 1.35);
    }

    [Fact]
    public void A_dreams_tile_sees_the_other_side()
    {
        Assert.Equal([6, 7, 0, 1, 2], new TileSpan(0, 2, -2, 5).Indices(8, wraps: true));
        Assert.Equal([2, 1, 0, 1, 2], new TileSpan(0, 2, -2, 5).Indices(8));
    }

    // The mean difference of pixels across the seams, by that of all neighbours.
    private static double Seam(FilterImage image)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor picture = image.Tensor;
        torch.Tensor across = (picture - picture.roll([1], [2])).abs().mean([0, 1]);
        torch.Tensor down = (picture - picture.roll([1], [1])).abs().mean([0, 2]);
        return ((across[0] / across.mean()) + (down[0] / down.mean())).ToDouble() / 2;
    }
}
