using CnnViz.Ascent;
using CnnViz.Models;
using CnnViz.Models.Operators;
using CnnViz.Patterns.Drawing;
using TorchSharp;
using Xunit.Abstractions;

namespace CnnViz.Tests.Patterns;

/// <summary>
/// The right answers for the built-in model are known. A wrong filter, a wrong order of the colours or a wrong sign of the gradient
/// makes these tests fail.
/// </summary>
public sealed class KnownAnswerTests(ClassPictures pictures, ITestOutputHelper output) : IClassFixture<ClassPictures>
{
    [Fact]
    public void The_network_ranks_the_class_of_every_picture_first()
    {
        foreach ((string layer, IReadOnlyList<FilterImage> images) in new[] { ("classifier", pictures.Patterns), ("colour", pictures.Hues) })
        {
            Assert.All(images, image => Assert.Equal(image.Filter, Scores(layer, image.Tensor).IndexOfMax()));
        }
    }

    [Theory]
    [InlineData("horizontal-stripes", 90)]
    [InlineData("vertical-stripes", 0)]
    [InlineData("rising-stripes", 135)]
    [InlineData("falling-stripes", 45)]
    public void Stripes_run_in_the_direction_of_their_name(string pattern, double waves)
    {
        double direction = PictureMeasures.WaveDirection(Picture(pattern).Tensor);

        output.WriteLine($"{pattern}: waves at {direction:0.0}°, expected {waves}°");
        Assert.InRange(PictureMeasures.AngleBetween(direction, waves, 180), 0, 10);
    }

    [Fact]
    public void Hues_are_those_of_their_names()
    {
        Assert.All(pictures.Hues, image =>
        {
            Hue hue = Hue.All[image.Filter];
            double degrees = PictureMeasures.Hue(image.Tensor);
            output.WriteLine($"{hue.Name}: hue {degrees:0.0}°, expected {hue.Degrees}°");
            Assert.Equal(hue.Name, image.ClassName);
            Assert.InRange(PictureMeasures.AngleBetween(degrees, hue.Degrees, 360), 0, 25);
        });
    }

    [Fact]
    public void A_measure_that_knows_nothing_of_the_network_recognizes_the_patterns()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor Features, torch.Tensor Labels) known = Paint(seed: 1, each: 60);
        (torch.Tensor Features, torch.Tensor Labels) fresh = Paint(seed: 2, each: 10);
        foreach (double ridge in new[] { 0.05, 0.3, 1, 3, 10 })
        {
            var r2 = new IndependentRecognizer(known.Features, known.Labels, PatternCatalog.All.Count, ridge);
            double a2 = r2.Rank(fresh.Features).Zip(fresh.Labels.ToLongs(), (rank, label) => rank[0] == label ? 1.0 : 0).Average();
            int[] k2 = [.. r2.Rank(PictureMeasures.Features(torch.stack(pictures.Patterns.Select(image => image.Tensor)))).Select((rank, pattern) => Array.IndexOf(rank, pattern) + 1)];
            output.WriteLine($"ridge {ridge}: {a2:P0}: {string.Join(' ', k2)}: {k2.Count(k => k <= 3)}");
        }

        var recognizer = new IndependentRecognizer(known.Features, known.Labels, PatternCatalog.All.Count);
        double accuracy = recognizer.Rank(fresh.Features).Zip(fresh.Labels.ToLongs(), (rank, label) => rank[0] == label ? 1.0 : 0).Average();

        torch.Tensor made = PictureMeasures.Features(torch.stack(pictures.Patterns.Select(image => image.Tensor)));
        int[] ranks = [.. recognizer.Rank(made).Select((rank, pattern) => Array.IndexOf(rank, pattern) + 1)];

        output.WriteLine($"of pictures that were drawn it recognizes {accuracy:P0}");
        foreach (FilterImage image in pictures.Patterns)
        {
            output.WriteLine($"{image.ClassName}: rank {ranks[image.Filter]} of {ranks.Length}, activation {image.Activation:0.0}");
        }

        Assert.True(accuracy > 0.8, $"the measure itself is wrong too often: {accuracy:P0}");
        Assert.True(ranks.Count(rank => rank <= 3) >= 20);
    }

    private FilterImage Picture(string pattern) => pictures.Patterns.Single(image => image.ClassName == pattern);

    private List<float> Scores(string layer, torch.Tensor picture)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor saved = (picture * 255).round() / 255;
        CnnLayer head = pictures.Model.GetLayer(layer);
        return [.. pictures.Model.Graph.SubGraph(head.Node).Run(pictures.Model.Preprocessing.Apply(saved.unsqueeze(0))).ToFloats()];
    }

    private static (torch.Tensor Features, torch.Tensor Labels) Paint(ulong seed, int each)
    {
        var painter = new PatternPainter(64);
        var picture = new float[painter.PictureLength];
        int count = each * PatternCatalog.All.Count;
        torch.Tensor all = torch.stack(Enumerable.Range(0, count).Select(i =>
        {
            var random = new RandomSource(seed, (ulong)i);
            painter.Paint(new PatternLabel(i % PatternCatalog.All.Count, random.Below(Hue.All.Count)), random, picture);
            return torch.tensor(picture, [3, 64, 64]);
        }));
        return (PictureMeasures.Features(all), torch.arange(count).remainder(PatternCatalog.All.Count));
    }
}

file static class ListExtensions
{
    public static int IndexOfMax(this List<float> values) => values.IndexOf(values.Max());
}
