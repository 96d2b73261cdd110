using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using CnnViz.Tests.Import;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

/// <summary>
/// A network of 1×1 convolutions whose filters noise and large steps do not raise. Filter 0 fires for magenta alone: on the way from grey lies a
/// valley. Filter 1 is dead. Filter 2 likes a brightness of 0.6, the less the further away.
/// </summary>
public sealed class SecondAttemptsTests : EngineTest, IDisposable
{
    private const int Magenta = 0;
    private const int Dead = 1;
    private const int Bright = 2;
    private const int Size = 16;

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz").FullName;
    private readonly CnnModel _model;

    public SecondAttemptsTests()
    {
        // x = (red + blue) / 2 − green; brightness b.
        float[] first = [0.5f, -1, 0.5f, 0.5f, -1, 0.5f, 1f / 3, 1f / 3, 1f / 3, -1f / 3, -1f / 3, -1f / 3];
        float[] second = [10, -1, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1];
        string path = Path.Combine(_folder, "hills.onnx");
        File.WriteAllBytes(path, new OnnxModelBuilder()
            .Input("image", 1, 3, Size, Size)
            .Initializer(OnnxModelBuilder.Floats("w1", first, 4, 3, 1, 1))
            .Initializer(OnnxModelBuilder.Floats("b1", [-0.8f, 0, -0.6f, 0.6f], 4))
            .Initializer(OnnxModelBuilder.Floats("w2", second, 3, 4, 1, 1))
            .Initializer(OnnxModelBuilder.Floats("b2", [0, -1, 0], 3))
            .Node("Conv", ["image", "w1", "b1"], ["values"])
            .Node("Relu", ["values"], ["parts"])
            .Node("Conv", ["parts", "w2", "b2"], ["hills"])
            .Output("hills")
            .ToBytes());
        _model = ModelImporter.Import(path, new ImportOptions { Preprocessing = Preprocessing.Unit });
    }

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_filter_that_fires_for_one_colour_only_gets_that_colour()
    {
        using FilterImage image = Climb(Magenta);

        float[] means = image.Tensor.mean([1, 2]).ToFloats();
        Assert.True(image.HasSignal);
        Assert.True(image.Rescue.HasFlag(AscentRescue.Restarted), $"{image.Rescue}");
        Assert.InRange(image.Activation, 0.97f, 1.01f);
        Assert.True(means[0] > 0.9 && means[1] < 0.1 && means[2] > 0.9, string.Join(", ", means));
    }

    [Fact]
    public void Down_is_a_way_too()
    {
        using FilterImage image = Climb(Bright, new AscentOptions { Minimize = true });

        // Black is furthest from 0.6.
        Assert.True(image.HasSignal);
        Assert.InRange(image.Activation, -0.601f, -0.59f);
    }

    [Fact]
    public void A_dead_filter_stays_dead()
    {
        using FilterImage image = Climb(Dead);

        Assert.Equal((AscentStatus.Dead, AscentRescue.None), (image.Status, image.Rescue));
    }

    [Fact]
    public void Steps_that_are_too_large_become_smaller_and_a_start_of_the_users_stays()
    {
        using torch.Tensor grey = torch.full([3, Size, Size], 0.5f);
        string path = Path.Combine(_folder, "grey.png");
        File.WriteAllBytes(path, ImageFile.ToPng(grey));
        var options = new AscentOptions { Recipe = Leaps, InitialImage = path };

        using FilterImage bright = Climb(Bright, options);
        using FilterImage magenta = Climb(Magenta, options);

        Assert.Equal((AscentStatus.StepLimit, AscentRescue.SmallerSteps), (bright.Status, bright.Rescue));
        Assert.InRange(bright.Activation, -0.04f, 0);
        Assert.False(magenta.Rescue.HasFlag(AscentRescue.Restarted));
    }

    [Fact]
    public void Its_recipe_makes_the_same_picture_again_whatever_else_is_in_the_batch()
    {
        using FilterImage alone = Climb(Magenta, new AscentOptions { Seed = 4 });
        var options = new AscentOptions { Recipe = alone.Recipe, Seed = 3, Count = 2 };
        FilterImage[] several = [.. new FilterAscent(_model.GetLayer("hills"), options).Run([Bright, Magenta], null, default)];

        Assert.Equal(alone.Tensor.ToFloats(), several[3].Tensor.ToFloats());
        Assert.Equal((alone.Activation, alone.Rescue), (several[3].Activation, several[3].Rescue));
        Assert.NotEqual(several[2].Tensor.ToFloats(), several[3].Tensor.ToFloats());
        Array.ForEach(several, image => image.Dispose());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Probes_are_within_range_differ_and_begin_with_full_colours_and_grey(int channels)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        int plain = ProbePictures.Plain(channels);
        torch.Tensor pictures = ProbePictures.Make(
            Enumerable.Range(0, ProbePictures.Count), channels, new AscentGeometry(24, 20, 2), torch.CPU);

        Assert.Equal([ProbePictures.Count, channels, 28, 24], pictures.shape);
        Assert.InRange(pictures.min().ToSingle(), 0f, 0f);
        Assert.InRange(pictures.max().ToSingle(), 1f, 1f);
        torch.Tensor colours = pictures.narrow(0, 0, plain);
        Assert.True((colours == colours.amax([2, 3], keepdim: true)).all().ToBoolean());
        Assert.True(ProbePictures.Count / 2 < torch.unique(pictures.flatten(1), dim: 0).output.shape[0]);
    }

    private static Recipe Leaps { get; } = new()
    {
        Name = "Leaps", Steps = 3, Image = new() { InitialNoise = 0.001f }, Update = new() { StepSize = 1 },
    };

    private FilterImage Climb(int filter, AscentOptions? options = null) =>
        new FilterAscent(_model.GetLayer("hills"), options ?? new AscentOptions()).Run([filter], null, default).Single();
}
