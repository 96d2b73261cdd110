using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Quality;
using CnnViz.Tests.Activations;
using TorchSharp;

namespace CnnViz.Tests.Quality.Paths;

public sealed class PathCheckTests : TinyModelTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz").FullName;
    private readonly NaturalImages _nature;

    public PathCheckTests()
    {
        // Discs of red and of blue on noise, in several places.
        string[] names = [.. Enumerable.Range(0, 8).Select(i => $"{i}.png")];
        for (int i = 0; i < names.Length; i++)
        {
            TestPictures.Write(At(names[i]), 32, 32, Picture(isRed: i % 2 == 0, seed: i));
        }

        _nature = new NaturalImages([.. names.Select(At)]);
    }

    public override void Dispose()
    {
        base.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_picture_like_those_that_fire_the_filter_is_near_the_upper_line_and_another_near_the_lower()
    {
        TestPictures.Write(At("like.png"), 32, 32, Picture(isRed: true, seed: 20));
        TestPictures.Write(At("other.png"), 32, 32, Picture(isRed: false, seed: 21));

        FilterImageQuality like = Measure("like.png");
        FilterImageQuality other = Measure("other.png");

        Assert.InRange(like.PathSimilarity!.Value, 0.6f, 1.4f);
        Assert.InRange(other.PathSimilarity!.Value, -0.4f, 0.4f);
        Assert.Equal(like.PathCurve.Select(point => point.Layer), other.PathCurve.Select(point => point.Layer));
        Assert.Contains("conv1", like.PathCurve.Select(point => point.Layer));
        Assert.DoesNotContain("classifier", like.PathCurve.Select(point => point.Layer));
        Assert.All(like.PathCurve, point => Assert.True(point.Same > point.Other, $"{point}"));
        Assert.Equal(like.PathCurve.Select(point => (point.Same, point.Other)), other.PathCurve.Select(point => (point.Same, point.Other)));
    }

    [Fact]
    public void Without_natural_images_or_with_few_there_is_no_curve()
    {
        TestPictures.Write(At("like.png"), 32, 32, Picture(isRed: true, seed: 20));
        CnnFilter filter = Model.GetLayer("classifier").GetFilter(0);

        FilterImageQuality none = new FilterImageMeter().Measure(At("like.png"), filter);
        FilterImageQuality few = new FilterImageMeter(new NaturalImages([At("0.png"), At("1.png"), At("2.png")])).Measure(At("like.png"), filter);

        Assert.Equal((0, 0), (none.PathCurve.Count, few.PathCurve.Count));
        Assert.Null(none.PathSimilarity);
        Assert.Null(few.PathSimilarity);
    }

    [Fact]
    public void The_first_layer_has_no_way_before_it()
    {
        TestPictures.Write(At("like.png"), 32, 32, Picture(isRed: true, seed: 20));

        Assert.Empty(new FilterImageMeter(_nature).Measure(At("like.png"), Model.GetLayer("conv1").GetFilter(0)).PathCurve);
    }

    [Fact]
    public void One_figure_for_the_way_is_between_the_lines()
    {
        PathPoint[] path = [new("a", 0.3f, 0.5f, 0.1f), new("b", 0.2f, 0.4f, 0.2f)];

        Assert.Equal(1 / 3f, PathCheck.Figure(path)!.Value, 1e-6f);
        Assert.Null(PathCheck.Figure([new("a", 0.3f, 0.1f, 0.1f)]));
    }

    private string At(string name) => Path.Combine(_folder, name);

    private FilterImageQuality Measure(string name) => new FilterImageMeter(_nature).Measure(At(name), Model.GetLayer("classifier").GetFilter(0));

    private static byte[] Picture(bool isRed, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[32 * 32 * 3];
        for (int i = 0; i < 32 * 32; i++)
        {
            double away = Math.Sqrt(Math.Pow(i / 32 - 15.5, 2) + Math.Pow(i % 32 - 15.5, 2));
            bool isDisc = away < 10;
            pixels[3 * i] = (byte)(random.Next(40) + (isDisc && isRed ? 200 : 60));
            pixels[3 * i + 1] = (byte)(random.Next(40) + 60);
            pixels[3 * i + 2] = (byte)(random.Next(40) + (isDisc && !isRed ? 200 : 60));
        }

        return pixels;
    }
}
