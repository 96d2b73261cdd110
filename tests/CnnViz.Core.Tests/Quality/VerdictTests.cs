using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Pictures;
using CnnViz.Quality;
using TorchSharp;
using Xunit.Abstractions;

namespace CnnViz.Tests.Quality;

/// <summary>Honest pictures are trusted, and pictures that show nothing, or something else, are not.</summary>
public sealed class VerdictTests(PatternNature nature, ITestOutputHelper output) : EngineTest, IClassFixture<PatternNature>
{
    private const string Layer = "relu6";
    private static readonly int[] s_filters = [23, 45, 74, 37];

    [Fact]
    public void Honest_pictures_are_trusted_and_those_of_other_filters_are_not()
    {
        FilterImageMeter meter = nature.Meter();
        FilterImage[] images = PatternNature.Climb(nature.Model, Layer, s_filters);
        CnnLayer layer = nature.Model.GetLayer(Layer);

        FilterImageQuality[] own = [.. images.Select((image, i) => Report(meter.Measure(image, layer.GetFilter(s_filters[i]))))];
        FilterImageQuality[] others =
            [.. images.Select((image, i) => Report(meter.Measure(image, layer.GetFilter(s_filters[(i + 1) % s_filters.Length]))))];

        Array.ForEach(images, image => image.Dispose());
        Assert.DoesNotContain(own, quality => quality.Verdict == PictureVerdict.Contradicted);
        Assert.InRange(own.Count(quality => quality.Verdict == PictureVerdict.Trusted), own.Length - 1, own.Length);
        Assert.All(own.Zip(others), pair => Assert.True(pair.First.NaturalAgreement > 0.85));
        Assert.DoesNotContain(others, quality => quality.Verdict == PictureVerdict.Trusted);
        Assert.True(others.Average(quality => quality.NaturalAgreement) < own.Average(quality => quality.NaturalAgreement) - 0.2);
        Assert.All(own.Concat(others), quality => Assert.NotEmpty(quality.Reasons));
    }

    [Fact]
    public void Noise_and_grey_are_not_trusted()
    {
        FilterImageMeter meter = nature.Meter();
        using DisposeScope scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        torch.Tensor noise = (torch.randn([3, 64, 64], generator: generator) * 0.15 + 0.5).clamp(0, 1);
        foreach ((string name, torch.Tensor picture) in new[] { ("noise", noise), ("grey", torch.full([3, 64, 64], 0.5f)) })
        {
            ImageFile.Write(picture, nature.At($"{name}.png"), PictureFormat.Png, null, new PictureFacts(name, "{}"));
            Assert.All(s_filters, filter => Assert.NotEqual(
                PictureVerdict.Trusted, Report(meter.Measure(nature.At($"{name}.png"), nature.Model.GetLayer(Layer).GetFilter(filter))).Verdict));
        }
    }

    [Fact]
    public void Without_natural_images_there_is_no_verdict()
    {
        using FilterImage image = PatternNature.Climb(nature.Model, "relu3", [7])[0];

        FilterImageQuality quality = new FilterImageMeter().Measure(image, nature.Model.GetLayer("relu3").GetFilter(7));

        Assert.Null(quality.Verdict);
        Assert.Null(quality.NaturalAgreement);
        Assert.Empty(quality.Reasons);
        Assert.True(quality.HasSignal);
    }

    [Fact]
    public void Too_few_natural_images_say_nothing()
    {
        using FilterImage image = PatternNature.Climb(nature.Model, "relu3", [7])[0];
        var meter = new FilterImageMeter(new NaturalImages([.. nature.Paths.Take(3)]));

        FilterImageQuality quality = meter.Measure(image, nature.Model.GetLayer("relu3").GetFilter(7));

        Assert.Equal(PictureVerdict.Doubtful, quality.Verdict);
        Assert.Null(quality.NaturalAgreement);
    }

    [Fact]
    public void The_network_as_its_own_judge_agrees()
    {
        using FilterImage image = PatternNature.Climb(nature.Model, Layer, [23])[0];

        FilterImageQuality quality = Report(nature.Meter(nature.Model).Measure(image, nature.Model.GetLayer(Layer).GetFilter(23)));

        Assert.InRange(quality.JudgeAgreement!.Value, 0.85f, 1);
        Assert.InRange(quality.JudgeClarity!.Value, 0.8f, 1);
    }

    [Fact]
    public void A_minimized_picture_is_compared_with_what_lowers_the_filter()
    {
        var options = new AscentOptions { Recipe = PatternNature.Recipe, Minimize = true };
        CnnLayer layer = nature.Model.GetLayer("conv6");
        using FilterImage image = new FilterAscent(layer, options).Run([23], null, default).Single();
        string path = nature.At("low.png");
        ImageFile.Write(image.Tensor, path, PictureFormat.Png, null, new PictureFacts("without facts", "{}"));

        FilterImageQuality low = Report(nature.Meter().Measure(image, layer.GetFilter(23)));
        FilterImageQuality high = Report(nature.Meter().Measure(path, layer.GetFilter(23)));

        Assert.True(low.NaturalAgreement > high.NaturalAgreement + 0.3);
    }

    private FilterImageQuality Report(FilterImageQuality quality)
    {
        output.WriteLine($"{quality}: agreement {quality.NaturalAgreement:0.00}, clarity {quality.NaturalClarity:0.00}; {string.Join(' ', quality.Reasons)}");
        return quality;
    }
}
