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
        var painter = new PatternPainter(64);
        IndependentRecognizer recognizer = new(Paint(painter, seed: 1, each: 60), PatternCatalog.All.Count);
        (float[] Features, int Class)[] fresh = Paint(painter, seed: 2, each: 10);
        double accuracy = fresh.Average(example => recognizer.Rank(example.Features)[0] == example.Class ? 1.0 : 0);

        int[] ranks = [.. pictures.Patterns.Select(image =>
            Array.IndexOf(recognizer.Rank(PictureMeasures.Features(image.Tensor)), image.Filter) + 1)];

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

    private static (float[] Features, int Class)[] Paint(PatternPainter painter, ulong seed, int each)
    {
        var picture = new float[painter.PictureLength];
        return [.. Enumerable.Range(0, each * PatternCatalog.All.Count).Select(i =>
        {
            int pattern = i % PatternCatalog.All.Count;
            var random = new RandomSource(seed, (ulong)i);
            painter.Paint(new PatternLabel(pattern, random.Below(Hue.All.Count)), random, picture);
            using torch.Tensor tensor = torch.tensor(picture).reshape(3, 64, 64);
            return (PictureMeasures.Features(tensor), pattern);
        })];
    }
}

file static class ListExtensions
{
    public static int IndexOfMax(this List<float> values) => values.IndexOf(values.Max());
}
