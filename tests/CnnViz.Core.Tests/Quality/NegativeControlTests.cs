using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using CnnViz.Quality;
using CnnViz.Runtimes;
using CnnViz.Showing.Atlas.Pages;
using TorchSharp;
using Xunit.Abstractions;

namespace CnnViz.Tests.Quality;

/// <summary>
/// Figures that a picture of nothing could also have would be worth nothing: noise, another filter's picture and a network that has
/// learned nothing must score worse than a filter's own picture on the trained network.
/// </summary>
public sealed class NegativeControlTests(NegativeControlTests.Fixture made, ITestOutputHelper output)
    : EngineTest, IClassFixture<NegativeControlTests.Fixture>
{
    private const string Layer = "conv5";
    private const int Filters = 8;

    [Fact]
    public void Noise_scores_worse()
    {
        var meter = new FilterImageMeter();
        FilterImageQuality[] noise = [.. made.Pictures.Select((image, i) =>
        {
            string path = Path.ChangeExtension(made.UntrainedPath, $".{i}.png");
            using DisposeScope scope = torch.NewDisposeScope();
            using var generator = new torch.Generator((ulong)i);
            torch.Tensor pixels = (torch.randn(image.Tensor.shape, generator: generator) * 0.15 + 0.5).clamp(0, 1);
            ImageFile.Write(pixels, path, PictureFormat.Png, null, FilterImageFacts.Of(image).ToPictureFacts());
            FilterImageQuality quality = meter.Measure(path, made.Trained.GetLayer(Layer).GetFilter((int)image.Filter!));
            File.Delete(path);
            return quality;
        })];
        Report("own", made.Quality);
        Report("noise", noise);

        CheckWorse(noise);
        Assert.True(Median(noise, quality => quality.SpectralDistance) > 1.25 * Median(made.Quality, quality => quality.SpectralDistance));
    }

    [Fact]
    public void The_picture_of_another_filter_scores_worse() =>
        CheckWorse(Measure("another", made.Pictures, made.Trained, filter => (filter + 1) % Filters));

    [Fact]
    public void A_network_that_learned_nothing_scores_worse() =>
        CheckWorse(Measure("untrained", made.Pictures, made.Untrained, filter => filter));

    [Fact]
    public void Pictures_made_with_a_network_that_learned_nothing_score_worse()
    {
        FilterImage[] foreign = Climb(made.Untrained, seed: 0);

        CheckWorse(Measure("made with untrained", foreign, made.Trained, filter => filter));

        Array.ForEach(foreign, image => image.Dispose());
    }

    [Fact]
    public void Seeds_of_one_filter_agree_and_pictures_of_different_filters_do_not()
    {
        FilterImage[] others = Climb(made.Trained, seed: 1);
        var meter = new FilterImageMeter();
        CnnLayer layer = made.Trained.GetLayer(Layer);
        QualityMeasurement[] ofOneFilter =
            [.. made.Pictures.Concat(others).Select(image => meter.Take(image, layer.GetFilter((int)image.Filter!), null, default))];

        // The same pictures as if they were all of one filter, which is none of theirs.
        QualityMeasurement[] ofMany =
        [
            .. made.Pictures.Select((image, i) => meter.Take(image, layer.GetFilter(Filters), null, default))
                .Select((item, i) => item with { Quality = item.Quality with { Seed = i } }),
        ];
        double same = SeedAgreement.Compare(ofOneFilter).Average(quality => quality.Agreement!.Value);
        double different = SeedAgreement.Compare(ofMany).Average(quality => quality.Agreement!.Value);

        output.WriteLine($"agreement: {same:0.00} of one filter, {different:0.00} of different filters");
        Array.ForEach(others, image => image.Dispose());
        Assert.True(same > 0.9);
        Assert.True(different < 0.6);
    }

    // Worse by every figure that tells whose picture it is.
    private void CheckWorse(FilterImageQuality[] control)
    {
        FilterImageQuality[] own = made.Quality;
        Assert.True(Median(control, quality => quality.Activation) < 0.25 * Median(own, quality => quality.Activation));
        Assert.True(Median(control, quality => quality.RobustActivation) < 0.25 * Median(own, quality => quality.RobustActivation));
        Assert.True(Median(control, quality => quality.Rank) > 3 * Median(own, quality => quality.Rank));
        Assert.True(Median(control, quality => quality.StandardRank) > 3 * Median(own, quality => quality.StandardRank));
    }

    private static FilterImage[] Climb(CnnModel model, long seed) =>
    [
        .. new FilterAscent(model.GetLayer(Layer), new AscentOptions { Recipe = Recipe.Classic, BatchSize = 8, Seed = seed })
            .Run([.. Enumerable.Range(0, Filters)], null, default),
    ];

    private FilterImageQuality[] Measure(string name, FilterImage[] images, CnnModel model, Func<int, int> filter)
    {
        FilterImageQuality[] qualities = MeasureAll(images, model, filter);
        Report("own", made.Quality);
        Report(name, qualities);
        return qualities;
    }

    private static FilterImageQuality[] MeasureAll(FilterImage[] images, CnnModel model, Func<int, int> filter)
    {
        var meter = new FilterImageMeter();
        return [.. images.Select(image => meter.Measure(image, model.GetLayer(Layer).GetFilter(filter((int)image.Filter!))))];
    }

    private void Report(string name, FilterImageQuality[] qualities)
    {
        (string Name, double Value)[] figures =
        [
            ("activation", Median(qualities, quality => quality.Activation)),
            ("robust", Median(qualities, quality => quality.RobustActivation)),
            ("rank", Median(qualities, quality => quality.Rank)),
            ("standard rank", Median(qualities, quality => quality.StandardRank)),
            ("retention", Median(qualities, quality => quality.Retention ?? 0)),
            ("spectral distance", Median(qualities, quality => quality.SpectralDistance)),
        ];
        output.WriteLine($"{name}: {string.Join(", ", figures.Select(figure => $"{figure.Name} {figure.Value:0.00}"))}");
    }

    private static double Median(FilterImageQuality[] qualities, Func<FilterImageQuality, double?> figure)
    {
        double[] sorted = [.. qualities.Select(quality => figure(quality)!.Value).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The networks, and pictures of the one that has learned something, made once for all tests.</summary>
    public sealed class Fixture : IDisposable
    {
        public Fixture()
        {
            NativeLibraries.EnsureLoaded();
            string path = Path.Combine(TestFiles.Root, "module", "models", "patterns.onnx");
            UntrainedModel.Write(path, UntrainedPath);
            Trained = ModelImporter.Import(path, new ImportOptions());
            Untrained = ModelImporter.Import(UntrainedPath, new ImportOptions());
            Pictures = Climb(Trained, seed: 0);
            Quality = MeasureAll(Pictures, Trained, filter => filter);
        }

        public string UntrainedPath { get; } = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");

        public CnnModel Trained { get; }

        public CnnModel Untrained { get; }

        public FilterImage[] Pictures { get; }

        public FilterImageQuality[] Quality { get; }

        public void Dispose()
        {
            Array.ForEach(Pictures, image => image.Dispose());
            Trained.Dispose();
            Untrained.Dispose();
            File.Delete(UntrainedPath);
        }
    }
}
