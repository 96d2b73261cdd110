using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using CnnViz.Showing.Files;
using CnnViz.Tests.Activations;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

public sealed class ActivationGridTests : MeasurementTest
{
    private const int Tile = 16;

    [Fact]
    public void A_tile_shows_what_the_layer_sees_at_its_position()
    {
        using FilterImage grid = Draw("conv2", Halves([200, 0, 0], [0, 0, 200]), most: 2);

        Assert.Equal((2 * Tile, 2 * Tile), (grid.Height, grid.Width));
        Assert.Equal(new GridSettings(2, 2, Tile, Tile, 1), grid.Grid);
        for (int cell = 0; cell < 4; cell++)
        {
            float[] colour = Colour(grid, cell);
            (int own, int other) = cell % 2 == 0 ? (TinyModel.Red, TinyModel.Blue) : (TinyModel.Blue, TinyModel.Red);
            Assert.True(colour[own] > colour[other] + 0.2f, $"Tile {cell} has the colour {string.Join(", ", colour)}.");
        }
    }

    [Fact]
    public void Positions_that_see_the_same_have_the_same_tile()
    {
        using FilterImage grid = Draw("conv1/relu", Halves([200, 0, 0], [0, 0, 200]), most: 4);

        // Rows in the middle of the photo, away from the padding.
        using torch.Tensor upper = grid.Tensor.narrow(1, Tile, Tile).clone();
        using torch.Tensor lower = grid.Tensor.narrow(1, 2 * Tile, Tile).clone();
        Assert.Equal(upper.ToFloats(), lower.ToFloats());
    }

    [Fact]
    public void The_area_of_a_tile_follows_the_length_of_its_direction()
    {
        // Half as bright, half as long: the side is 0.7 of the cell's.
        using FilterImage grid = Draw("conv1/relu", Halves([200, 0, 0], [100, 0, 0]), most: 4);

        torch.Tensor[] cells = [.. Enumerable.Range(0, 4).Select(column => grid.Tensor.narrow(1, Tile, Tile).narrow(2, column * Tile, Tile))];
        Assert.Equal(0, WhiteFrame(cells[0]));
        Assert.InRange(WhiteFrame(cells[3]), 2, 3);
    }

    [Fact]
    public void Where_nothing_is_seen_it_stays_white()
    {
        using FilterImage grid = Draw("conv1/relu", Halves([0, 0, 0], [200, 0, 0]), most: 4);

        using torch.Tensor first = grid.Tensor.narrow(1, Tile, Tile).narrow(2, 0, Tile).clone();
        Assert.All(first.ToFloats(), value => Assert.Equal(1, value));
        Assert.True(grid.HasSignal);
    }

    [Fact]
    public void Too_many_positions_become_one_by_their_mean()
    {
        TestPictures.WriteNoise(At("noise.png"), 32, 32, 5);

        var few = PhotoActivations.Read(Model.GetLayer("conv1"), At("noise.png"), 8, default);
        var all = PhotoActivations.Read(Model.GetLayer("conv1"), At("noise.png"), 64, default);

        Assert.Equal((8, 8, 32, 32), (few.Rows, few.Columns, all.Rows, all.Columns));
        float[] expected = [.. Enumerable.Range(0, 8).Select(filter => Enumerable.Range(0, 16).Average(i => all.Vectors[(4 + i / 4) * 32 + 8 + i % 4][filter]))];
        Assert.All(expected.Zip(few.Vectors[1 * 8 + 2]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Its_file_says_how_it_was_made_and_its_recipe_makes_it_again()
    {
        string photo = Halves([200, 0, 0], [0, 0, 200]);
        using FilterImage grid = Draw("conv2", photo, most: 2);
        var files = new PictureFiles(Folder, PictureFormat.Png);
        string path = files.TakePath(Picture.Of(grid));
        files.Write(Picture.Of(grid), path, null);

        using FilterImage read = FilterImageFile.Read(path);

        Assert.Equal("photo_conv2_grid.png", Path.GetFileName(path));
        Assert.Equal(grid.Grid, read.Grid);
        Assert.Equal(new PictureSize(Tile, Tile), read.Recipe.Size);
        Assert.Equal(("activations(conv2, photo.png)", "photo.png", "conv2"), (read.Objective, read.InitialImage, read.Layer));
        using FilterImage again = new ActivationGrid(
            Model.GetLayer("conv2"), new AscentOptions { Recipe = read.Recipe, Seed = read.Seed }, read.Grid!.Columns, read.Grid.CosinePower).Run(photo, null, default);
        Assert.Equal(grid.Tensor.ToFloats(), again.Tensor.ToFloats());
    }

    [Theory]
    [InlineData("classifier", "NoMap")]
    [InlineData("pool", "NoMap")]
    [InlineData("conv1/relu", "NothingActive")]
    public void What_has_no_positions_or_no_activations_is_an_error(string layer, string id)
    {
        string photo = Halves([0, 0, 0], [0, 0, 0]);

        Assert.Equal(id, Assert.Throws<CnnVizException>(() => Draw(layer, photo, most: 2)).ErrorId);
    }

    [Fact]
    public void Nothing_stays_but_the_picture()
    {
        string photo = Halves([200, 0, 0], [0, 0, 200]);
        Draw("conv2", photo, most: 2).Dispose();
        long before = NativeTensors.Settled();

        Draw("conv2", photo, most: 2).Dispose();

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void It_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.Throws<OperationCanceledException>(() => new ActivationGrid(Model.GetLayer("conv2"), Options, 2, 1)
            .Run(Halves([200, 0, 0], [0, 0, 200]), null, cancellation.Token));
    }

    private static AscentOptions Options => new() { Recipe = Recipe.Classic with { Steps = 12, Size = new PictureSize(Tile, Tile) } };

    private FilterImage Draw(string layer, string photo, int most) => new ActivationGrid(Model.GetLayer(layer), Options, most, 1).Run(photo, null, default);

    // A photo with one colour at the left and another one at the right.
    private string Halves(byte[] left, byte[] right)
    {
        TestPictures.Write(At("photo.png"), 32, 32, [.. Enumerable.Range(0, 32 * 32).SelectMany(i => i % 32 < 16 ? left : right)]);
        return At("photo.png");
    }

    private static float[] Colour(FilterImage grid, int cell)
    {
        using torch.Tensor mean = grid.Tensor.narrow(1, cell / 2 * Tile, Tile).narrow(2, cell % 2 * Tile, Tile).mean([1, 2]);
        return mean.ToFloats();
    }

    // Columns at the left that are white from top to bottom.
    private static int WhiteFrame(torch.Tensor cell)
    {
        float[] values = cell.ToFloats();
        return Enumerable.Range(0, Tile).TakeWhile(column =>
            Enumerable.Range(0, values.Length / Tile).All(row => values[row * Tile + column] == 1)).Count();
    }
}
