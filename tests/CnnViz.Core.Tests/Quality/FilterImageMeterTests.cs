using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Quality;
using CnnViz.Showing.Files;
using TorchSharp;

namespace CnnViz.Tests.Quality;

public sealed class FilterImageMeterTests : EngineTest, IDisposable
{
    private static readonly AscentOptions s_classic = new() { Recipe = Recipe.Classic };
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;
    private readonly CnnModel _model;

    public FilterImageMeterTests()
    {
        TinyModel.Write(At("tiny.onnx"));
        _model = ModelImporter.Import(At("tiny.onnx"), new ImportOptions { Preprocessing = Preprocessing.Unit });
    }

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_activation_is_that_of_the_saved_picture()
    {
        using FilterImage image = Climb("conv2", 1);

        FilterImageQuality quality = Measure(image);

        Assert.Equal(image.Activation, quality.Activation, 1e-5f);
        Assert.Equal(("tiny", "conv2", 1, 3, 0L), (quality.Model, quality.Layer, quality.Filter, quality.Filters, quality.Seed));
        Assert.Equal(_model.Sha256, quality.ModelSha256);
        Assert.Null(quality.Path);
        Assert.StartsWith("conv2:1 (rank 1 of 3, activation ", quality.ToString());
    }

    [Theory]
    [InlineData("png")]
    [InlineData("tiff")]
    public void A_file_that_loses_nothing_has_the_figures_of_the_picture(string extension)
    {
        using FilterImage image = Climb("conv1", TinyModel.Mixture, s_classic with { Seed = 4, Minimize = true });
        new PictureFiles(At($"one.{extension}"), null).Write(Picture.Of(image), At($"one.{extension}"), null);

        CnnFilter filter = _model.GetLayer("conv1").GetFilter(TinyModel.Mixture);
        FilterImageQuality file = new FilterImageMeter().Measure(At($"one.{extension}"), filter);

        Assert.Equal(Measure(image) with { Path = At($"one.{extension}") }, file);
        Assert.True(file.Minimized);
        Assert.Equal(4, file.Seed);
    }

    [Fact]
    public void Colours_survive_what_fine_stripes_do_not()
    {
        using FilterImage red = Climb("conv1", TinyModel.Red);
        using FilterImage stripes = Climb("conv1/relu", TinyModel.HorizontalStripes);

        FilterImageQuality robust = Measure(red);
        FilterImageQuality frail = Measure(stripes);

        Assert.InRange(robust.Retention!.Value, 0.9f, 1.1f);
        Assert.InRange(robust.RobustActivation!.Value, 0.9f * robust.Activation, 1.1f * robust.Activation);
        Assert.True(frail.RetentionSmaller < 0.85f, $"{frail.RetentionSmaller}");
        Assert.True(frail.SpectralDistance > robust.SpectralDistance);
    }

    [Fact]
    public void The_parts_make_up_the_whole()
    {
        using FilterImage image = Climb("conv1", TinyModel.Mixture);

        FilterImageQuality quality = Measure(image);

        float?[] parts =
        [
            quality.RetentionSmaller, quality.RetentionLarger, quality.RetentionShift, quality.RetentionLeft, quality.RetentionRight,
            quality.RetentionJpeg,
        ];
        Assert.Equal(parts.Average()!.Value, quality.Retention!.Value, 1e-4f);
        Assert.Equal(
            quality.Activation * (1 + quality.RetentionSmaller!.Value + quality.RetentionLarger!.Value + quality.RetentionJpeg!.Value) / 4,
            quality.RobustActivation!.Value,
            1e-4f);
    }

    [Fact]
    public void A_filter_of_larger_scale_comes_first_by_rank_but_not_by_standard_rank()
    {
        // Every picture around grey makes brightness answer 0.5; a colour must be strong to answer as much.
        using FilterImage image = Climb("conv1", TinyModel.Red, new AscentOptions { Recipe = Recipe.Classic with { Steps = 5 } });

        FilterImageQuality quality = Measure(image);

        Assert.InRange(quality.Activation, 0.05f, 0.45f);
        Assert.True(quality.Rank > 1);
        Assert.Equal(1, quality.StandardRank);
    }

    [Fact]
    public void A_ratio_to_an_activation_on_the_wrong_side_is_none()
    {
        // Relu of a filter that is always below zero: nothing to divide by.
        using FilterImage dead = Climb("conv1/relu", TinyModel.Dead);
        FilterImageQuality none = Measure(dead);
        Assert.Equal(0, none.Activation);
        Assert.Null(none.Retention);
        Assert.Null(none.RetentionJpeg);
        Assert.Null(none.StandardRank);
        Assert.Equal(0, none.RobustActivation);

        // Below zero in any picture: two activations below zero are no success.
        using FilterImage below = Climb("conv1", TinyModel.Dead);
        Assert.True(Measure(below).Activation < 0);
        Assert.Null(Measure(below).Retention);
    }

    [Fact]
    public void A_minimized_picture_is_measured_downwards()
    {
        using FilterImage image = Climb("conv1", TinyModel.Red, s_classic with { Minimize = true });

        FilterImageQuality quality = Measure(image);

        Assert.True(quality.Activation < 0);
        Assert.Equal(1, quality.StandardRank);
        Assert.InRange(quality.Retention!.Value, 0.9f, 1.1f);
    }

    [Fact]
    public void What_is_not_a_number_is_none()
    {
        using FilterImage image = Climb("broken", 0);

        FilterImageQuality quality = Measure(image);

        Assert.False(float.IsFinite(quality.Activation));
        Assert.Null(quality.Rank);
        Assert.Null(quality.Retention);
        Assert.Null(quality.RobustActivation);
    }

    [Fact]
    public void Natural_images_tell_how_far_beyond_the_world_a_picture_is()
    {
        File.WriteAllText(At("broken.png"), "no picture");
        using FilterImage red = Climb("conv1", TinyModel.Red);
        using FilterImage green = Climb("conv1", TinyModel.Green);
        using FilterImage weak = Climb("conv1", TinyModel.Red, new AscentOptions { Recipe = Recipe.Classic with { Steps = 3 } });
        Save(green, "green.png");
        Save(weak, "weak.png");
        var natural = new NaturalImages([At("green.png"), At("broken.png"), At("weak.png")]);
        var meter = new FilterImageMeter(natural);

        FilterImageQuality quality = meter.Measure(red, _model.GetLayer("conv1").GetFilter(TinyModel.Red));
        meter.Measure(green, _model.GetLayer("conv1").GetFilter(TinyModel.Green));

        Assert.Equal(At("weak.png"), quality.NaturalImage);
        Assert.Equal(weak.Activation, quality.NaturalActivation!.Value, 1e-5f);
        Assert.Equal(red.Activation / weak.Activation, quality.NaturalRatio!.Value, 1e-3f);
        Assert.True(quality.NaturalRatio > 1);
        (string path, CnnVizException failure) = Assert.Single(natural.TakeFailures());
        Assert.Equal(At("broken.png"), path);
        Assert.Equal("PictureUnreadable", failure.ErrorId);
    }

    [Fact]
    public void Natural_images_of_which_none_can_be_read_are_an_error()
    {
        using FilterImage image = Climb("conv1", TinyModel.Red);
        var meter = new FilterImageMeter(new NaturalImages([At("nowhere.png")]));

        CnnVizException exception = Assert.Throws<CnnVizException>(() => meter.Measure(image, _model.GetLayer("conv1").GetFilter(0)));

        Assert.Equal("NoNaturalImage", exception.ErrorId);
    }

    [Fact]
    public void A_layer_that_takes_one_size_only_is_measured_at_it()
    {
        Ascent.DenseModel.Write(At("dense.onnx"), size: 24);
        using CnnModel dense = ModelImporter.Import(At("dense.onnx"), new ImportOptions { Preprocessing = Preprocessing.Unit });
        CnnFilter filter = dense.GetLayer("dense").GetFilter(1);
        using FilterImage fits = new FilterAscent(filter.Layer, s_classic).Run([1], null, default).Single();
        using FilterImage other = Climb("conv1", 0);

        Assert.NotNull(new FilterImageMeter().Measure(fits, filter).Retention);
        ImageSizeException exception = Assert.Throws<ImageSizeException>(() => new FilterImageMeter().Measure(other, filter));
        Assert.Equal("ImageSizeRefused", exception.ErrorId);
        Assert.Contains("32×32", exception.Message);
    }

    [Fact]
    public void Measuring_leaves_no_tensor_behind()
    {
        using FilterImage image = Climb("conv1", 0);
        Save(image, "one.png");
        CnnFilter filter = _model.GetLayer("conv1").GetFilter(0);
        new FilterImageMeter().Measure(image, filter);
        long before = NativeTensors.Settled();

        var meter = new FilterImageMeter(new NaturalImages([At("one.png")]));
        for (int i = 0; i < 20; i++)
        {
            meter.Measure(image, filter);
            meter.Measure(At("one.png"), filter);
            new FilterImageMeter().Measure(image, filter);
        }

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void It_is_cancelled()
    {
        using FilterImage image = Climb("conv1", 0);

        Assert.ThrowsAny<OperationCanceledException>(() =>
            new FilterImageMeter().Measure(image, _model.GetLayer("conv1").GetFilter(0), null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_model_that_was_disposed_says_so()
    {
        using FilterImage image = Climb("conv1", 0);
        CnnFilter filter = _model.GetLayer("conv1").GetFilter(0);
        _model.Dispose();

        Assert.Equal("ModelDisposed", Assert.Throws<CnnVizException>(() => new FilterImageMeter().Measure(image, filter)).ErrorId);
    }

    private FilterImage Climb(string layer, int filter, AscentOptions? options = null) =>
        new FilterAscent(_model.GetLayer(layer), options ?? s_classic).Run([filter], null, default).Single();

    private FilterImageQuality Measure(FilterImage image) =>
        new FilterImageMeter().Measure(image, _model.GetLayer(image.Layer).GetFilter((int)image.Filter!));

    private void Save(FilterImage image, string name) => new PictureFiles(At(name), null).Write(Picture.Of(image), At(name), null);

    private string At(string name) => Path.Combine(_folder, name);
}
