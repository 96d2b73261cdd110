using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

public sealed class NaturalAscentTests : EngineTest, IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
    private readonly CnnModel _model;

    public NaturalAscentTests()
    {
        DenseModel.Write(_path, size: 32);
        _model = ModelImporter.Import(_path, new ImportOptions { Preprocessing = Preprocessing.Unit });
    }

    public void Dispose()
    {
        _model.Dispose();
        File.Delete(_path);
    }

    [Theory]
    [InlineData(TinyModel.HorizontalStripes, 1)]
    [InlineData(TinyModel.VerticalStripes, 2)]
    public void The_detector_of_stripes_gets_stripes_of_that_direction(int filter, int acrossDimension)
    {
        // Crops of one size, as stripes that are shown larger are others to the detector.
        AscentOptions options = Natural(60);
        options = options with { Recipe = options.Recipe with { Views = options.Recipe.Views with { CropTo = 0.5 } } };
        using FilterImage image = Climb("conv1/relu", filter, options);
        using DisposeScope scope = torch.NewDisposeScope();

        // Where the crops were.
        torch.Tensor middle = image.Tensor.narrow(1, 16, 32).narrow(2, 16, 32);
        double across = middle.diff(1, acrossDimension).abs().mean().ToDouble();
        double along = middle.diff(1, 3 - acrossDimension).abs().mean().ToDouble();
        Assert.True(across > 1.08 * along, $"{across:0.000} across, {along:0.000} along");
        Assert.True(image.Activations.TakeLast(10).Average() > image.Activations.Take(5).Average());
        Assert.True(image.HasSignal);
    }

    [Fact]
    public void The_picture_is_so_large_that_the_largest_crop_is_a_view()
    {
        using FilterImage image = Climb("conv1", TinyModel.Red, Natural(2));
        using FilterImage given = Climb("conv1", TinyModel.Red, Natural(2, new(31, 50)));

        Assert.Equal("64×64", image.Size);
        Assert.Equal((32, 32), (image.Recipe.Views.Height, image.Recipe.Views.Width));
        Assert.Equal("31×50", given.Size);
        Assert.Equal((32, 32), (given.Recipe.Views.Height, given.Recipe.Views.Width));
    }

    [Fact]
    public void Two_percent_of_the_values_are_black_or_white()
    {
        using FilterImage image = Climb("conv1", TinyModel.Mixture, Natural(5));
        float[] values = image.Tensor.ToFloats();

        Assert.Equal(0.01, values.Count(value => value == 0) / (double)values.Length, 0.002);
        Assert.Equal(0.01, values.Count(value => value == 1) / (double)values.Length, 0.002);
    }

    [Fact]
    public void Transparency_is_the_share_of_the_gradients_up_to_their_80th_percentile()
    {
        using FilterImage image = Climb("conv1/relu", TinyModel.VerticalStripes, Natural(30));
        using FilterImage cut = Climb("conv1/relu", TinyModel.VerticalStripes, Natural(3, new(20, 30), border: 5));

        float[] alpha = image.Transparency!.ToFloats();
        Assert.Equal([64, 64], image.Transparency!.shape);
        Assert.Equal([20, 30], cut.Transparency!.shape);
        Assert.InRange(alpha.Min(), 0, 0.5f);
        Assert.Equal(0.2, alpha.Count(value => value == 1) / (double)alpha.Length, 0.01);

        // The crops are around the middle.
        float middle = image.Transparency!.narrow(0, 24, 16).narrow(1, 24, 16).mean().ToSingle();
        Assert.True(middle > 1.5 * image.Transparency!.narrow(0, 0, 8).mean().ToSingle(), $"{middle}");
    }

    [Fact]
    public void Every_recipe_says_where_it_was_at_work_and_a_dead_filter_nowhere()
    {
        using FilterImage classic = Climb("conv1", TinyModel.Red, new AscentOptions { Recipe = Recipe.Classic });
        using FilterImage dead = Climb("conv1/relu", TinyModel.Dead, Natural(2));

        Assert.Equal([32, 32], classic.Transparency!.shape);
        Assert.Equal(0, dead.Transparency!.max().ToSingle());
        classic.Dispose();
        Assert.Throws<ObjectDisposedException>(() => classic.Transparency);
    }

    [Fact]
    public void A_layer_that_takes_one_size_only_sees_crops_of_any_picture_and_the_picture_shrunk()
    {
        using FilterImage image = Climb("dense", 0, Natural(3, new(50, 44)));
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor saved = (image.Tensor.unsqueeze(0) * 255).round() / 255;
        torch.Tensor shown = CentralView.Of(saved, new Extent(32, 32));

        float again = _model.Graph.SubGraph(_model.GetLayer("dense").Node).Run(shown)[0, 0].ToSingle();

        Assert.Equal("50×44", image.Size);
        Assert.Equal(again, image.Activation, 1e-3f);
    }

    [Fact]
    public void A_size_of_views_that_a_layer_does_not_take_is_refused()
    {
        AscentOptions options = Natural(3);
        options = options with { Recipe = options.Recipe with { Views = options.Recipe.Views with { Height = 20, Width = 20 } } };

        ImageSizeException exception = Assert.Throws<ImageSizeException>(() => Climb("dense", 0, options));

        Assert.Contains("32×32", exception.Message);
        Assert.Contains("ViewSize", exception.Advice);
    }

    [Fact]
    public void A_picture_does_not_depend_on_its_neighbours_and_follows_from_the_seed()
    {
        AscentOptions options = Natural(6) with { BatchSize = 3, Seed = 4 };
        using FilterImage alone = Climb("conv1", TinyModel.Mixture, options);
        FilterImage[] several = [.. new FilterAscent(_model.GetLayer("conv1"), options).Run([0, 1, TinyModel.Mixture], null, default)];
        using FilterImage other = Climb("conv1", TinyModel.Mixture, options with { Seed = 5 });

        Assert.True((alone.Tensor - several[2].Tensor).abs().mean().ToSingle() < 0.01);
        Assert.True((alone.Tensor - other.Tensor).abs().mean().ToSingle() > 0.05);
        Array.ForEach(several, image => image.Dispose());
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        Climb("conv1", 0, Natural(2)).Dispose();
        long before = NativeTensors.Settled();

        foreach (FilterImage image in new FilterAscent(_model.GetLayer("conv1"), Natural(2)).Run([0, 1, 5, 7], null, default))
        {
            image.Dispose();
        }

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    private static AscentOptions Natural(int steps, PictureSize? size = null, int? border = null) => new()
    {
        Recipe = Recipe.Natural with { Steps = steps, Size = size, Image = Recipe.Natural.Image with { BorderPixels = border } },
    };

    private FilterImage Climb(string layer, int filter, AscentOptions options) =>
        new FilterAscent(_model.GetLayer(layer), options).Run([filter], null, default).Single();
}
