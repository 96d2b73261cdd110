using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Tests.Ascent.Dreams;

public sealed class TiledResponseTests : DreamTest
{
    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.3, 0.7)]
    [InlineData(0.9, 0.99)]
    public void A_gradient_in_tiles_is_the_gradient_in_one_piece(double jitter, double shift)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor image = Read(Photo(150, 175)).unsqueeze(0);
        float[] draws = [(float)jitter, (float)shift, (float)(1 - jitter), (float)shift];

        // The field of conv2 is 5 pixels, less than the margin.
        (float value, float magnitude, torch.Tensor gradient) = Differentiate(Layer("conv2"), image, draws, 64);
        (float whole, float wholeMagnitude, torch.Tensor expected) = Differentiate(Layer("conv2"), image, draws, 400);

        // At the rim, a tile may be mirrored further than the whole picture is; and only the direction counts.
        torch.Tensor actual = Inner(gradient);
        torch.Tensor wanted = Inner(expected);
        Assert.True((actual - wanted).abs().max().ToDouble() < 1e-3 * wanted.abs().max().ToDouble());
        Assert.Equal(wholeMagnitude, magnitude, 0.01f * wholeMagnitude);
        Assert.Equal(whole, value, 0.1f * whole);

        static torch.Tensor Inner(torch.Tensor gradient)
        {
            torch.Tensor inner = gradient[.., .., 4..^4, 4..^4];
            return inner / inner.abs().mean();
        }
    }

    [SkippableFact]
    public void A_deep_gradient_has_hardly_more_energy_at_its_seams()
    {
        string path = TestFiles.Shared("models", "googlenet.onnx");
        using CnnModel model = ModelImporter.Import(path, new ImportOptions { Preprocessing = Preprocessing.Caffe });
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor image = Read(TestFiles.Shared("photos", "cat.jpg")).unsqueeze(0);
        CnnLayer layer = model.GetLayer("inception_4c/output");
        float[] draws = [0.5f, 0.4f, 0.5f, 0.4f];
        torch.Tensor whole = Steps(Differentiate(layer, image, draws, 600).Gradient);
        torch.Tensor tiled = Steps(Differentiate(layer, image, draws, 288).Gradient);

        var size = new Extent(image.shape[2], image.shape[3]);
        DreamTile[] tiles = [.. DreamTiling.For([layer], new() { TileSize = 288 }, size).Cut(size, draws)];
        int[] cuts = [.. tiles.Select(tile => tile.Columns.Start).Where(start => start > 0).Distinct()];
        Assert.NotEmpty(cuts);
        Assert.All(cuts, cut => Assert.InRange(tiled[cut - 1].ToSingle() / whole[cut - 1].ToSingle(), 0.5f, 2));

        // The step from each column to the next, in units of the mean over all columns.
        static torch.Tensor Steps(torch.Tensor gradient)
        {
            torch.Tensor steps = gradient.diff(1, 3).abs().mean([0, 1, 2]);
            return steps / steps.mean();
        }
    }

    private static (float Value, float Magnitude, torch.Tensor Gradient) Differentiate(
        CnnLayer layer, torch.Tensor image, float[] draws, int tileSize)
    {
        DreamTiling tiling = DreamTiling.For([layer], new() { TileSize = tileSize }, new(image.shape[2], image.shape[3]));
        torch.Tensor gradient = torch.empty_like(image);
        (float value, float magnitude) = new TiledResponse(layer, tiling, default).Differentiate(
            image, gradient, ComparedPictures.Read([], layer.Model, default), draws, _ => { });
        return (value, magnitude, gradient);
    }
}
