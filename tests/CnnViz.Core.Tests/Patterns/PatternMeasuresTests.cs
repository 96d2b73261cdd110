using System.Globalization;
using CnnViz.Patterns.Drawing;
using TorchSharp;
using Xunit.Abstractions;

namespace CnnViz.Tests.Patterns;

/// <summary>The measures tell drawings of the patterns apart.</summary>
public sealed class PatternMeasuresTests(ITestOutputHelper output) : EngineTest
{
    // Not the drawings by which the thresholds were chosen.
    private const ulong Seed = 912;
    private const int Own = 10;
    private const int Other = 1;
    private const double Noise = 0.1;

    private static readonly int[] Sizes = [64];

    [Fact]
    public void Every_pattern_has_a_measure() =>
        Assert.Equal(PatternCatalog.Names, PatternMeasures.All.Select(measure => measure.Pattern));

    [Fact]
    public void Drawings_pass_the_measure_of_their_pattern_and_fail_those_of_others()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Dictionary<string, torch.Tensor[]> drawings = PatternCatalog.Names.ToDictionary(name => name, name => Draw(name, Own));
        var generator = new torch.Generator((ulong)Seed);
        output.WriteLine($"{"pattern",-19}{"own",5}{"noisy",7}{"others",8}  measure; others that pass");
        (double own, double noisy, double others)[] rates = [.. PatternMeasures.All.Select(measure =>
        {
            torch.Tensor[] pictures = drawings[measure.Pattern];
            double own = Rate(measure, pictures);
            double noisy = Rate(measure, pictures.Where((_, i) => i % 2 == 0).Select(picture => AddNoise(picture, generator)));
            Dictionary<string, double> wrong = drawings
                .Where(pair => pair.Key != measure.Pattern)
                .ToDictionary(pair => pair.Key, pair => Rate(measure, pair.Value.Where((_, i) => i % Own < Other)));
            double others = wrong.Where(pair => !measure.Siblings.Contains(pair.Key)).Average(pair => pair.Value);
            string passing = string.Join(", ", wrong.Where(pair => pair.Value > 0).Select(pair => $"{pair.Key} {Percent(pair.Value)}"));
            output.WriteLine($"{measure.Pattern,-19}{Percent(own),5}{Percent(noisy),7}{Percent(others),8}  {measure.Name}; {passing}");
            return (own, noisy, others);
        })];

        (double noisyMean, double othersMean) = (rates.Average(rate => rate.noisy), rates.Average(rate => rate.others));
        output.WriteLine($"{"mean",-19}{Percent(rates.Average(rate => rate.own)),5}{Percent(noisyMean),7}{Percent(othersMean),8}");
        Assert.All(rates, rate => Assert.InRange(rate.own, 0.75, 1));
        Assert.InRange(rates.Average(rate => rate.own), 0.95, 1);
        Assert.All(rates, rate => Assert.InRange(rate.others, 0, 0.15));
        Assert.InRange(noisyMean, 0.85, 1);
        Assert.InRange(othersMean, 0, 0.03);
    }

    [Fact]
    public void A_negative_shows_the_same_pattern()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.All(PatternMeasures.All, measure => Assert.All(Draw(measure.Pattern, 1), picture =>
            Assert.Equal(measure.Score(picture), measure.Score(1 - picture), 0.02)));
    }

    [Fact]
    public void Noise_shows_noise_and_nothing_else()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var generator = new torch.Generator(Seed);
        foreach (int size in Sizes)
        {
            torch.Tensor picture = torch.rand(3, size, size, generator: generator);
            Assert.Equal(["white-noise"], PatternMeasures.All.Where(measure => measure.Accepts(picture)).Select(measure => measure.Pattern));
        }
    }

    [Fact]
    public void A_flat_picture_shows_nothing()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor picture = torch.full([3, 64, 64], 0.5f);
        Assert.DoesNotContain(PatternMeasures.All, measure => measure.Accepts(picture));
    }

    private static torch.Tensor[] Draw(string name, int count)
    {
        int pattern = PatternCatalog.Names.ToList().IndexOf(name);
        return [.. Sizes.SelectMany(size =>
        {
            var painter = new PatternPainter(size);
            return Enumerable.Range(0, count).Select(number =>
            {
                var picture = new float[painter.PictureLength];
                var random = new RandomSource(Seed, (ulong)(1000 * pattern + number));
                painter.Paint(new PatternLabel(pattern, number % Hue.All.Count), random, picture);
                return torch.tensor(picture, [3, size, size]);
            });
        })];
    }

    private static torch.Tensor AddNoise(torch.Tensor picture, torch.Generator generator) =>
        (picture + Noise * torch.randn(picture.shape, generator: generator)).clamp(0, 1);

    private static double Rate(PatternMeasure measure, IEnumerable<torch.Tensor> pictures) =>
        pictures.Average(picture => measure.Accepts(picture) ? 1.0 : 0);

    private static string Percent(double rate) => (100 * rate).ToString("0", CultureInfo.InvariantCulture) + "%";
}
