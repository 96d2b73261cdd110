using System.Diagnostics;
using CnnViz.Ascent;
using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Benchmarks;

/// <summary>Pictures of filters through the depth of GoogLeNet by several recipes, side by side.</summary>
internal static class FilterBenchmark
{
    private static readonly string[] s_layers = ["conv2/3x3", "inception_3b/3x3", "inception_4c/3x3", "inception_5a/3x3"];

    private static readonly (string Name, double Feed, Func<CnnFilter, FilterImage> Make)[] s_recipes =
    [
        ("Lucent", (double)LucentRecipe.FedSize / LucentRecipe.Size, ByLucent),
        ("Classic", 1, filter => By(Recipe.Classic, filter)),
        ("Robust", 1, filter => By(Recipe.Robust, filter)),
    ];

    public static void Run(string folder, int count)
    {
        using CnnModel model = BenchmarkModels.Load("googlenet");
        Console.WriteLine("Medians; retention: what of the activation is left at 0.92 and 1.08 of the size, and after JPEG 75; first: share of the filters");
        Console.WriteLine("that no other of the layer outdoes; at least Lucent: share of the filters with as high a clean activation.");
        Console.WriteLine();
        Console.WriteLine("| layer | recipe | clean | robust | retention, scale | retention, JPEG | first | at least Lucent | s |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (string name in s_layers)
        {
            CnnLayer layer = model.GetLayer(name);
            CnnFilter[] filters = [.. BenchmarkModels.Draw(layer.Filters, count).Select(layer.GetFilter)];
            FilterFigures[]? lucent = null;
            foreach ((string recipe, double feed, Func<CnnFilter, FilterImage> make) in s_recipes)
            {
                var seconds = new List<double>();
                FilterFigures[] figures = [.. filters.Select(filter => Measure(Path.Combine(folder, recipe), filter, feed, make, seconds))];
                lucent ??= figures;
                Print(name, recipe, figures, lucent, seconds);
            }
        }
    }

    private static FilterFigures Measure(
        string folder, CnnFilter filter, double feed, Func<CnnFilter, FilterImage> make, List<double> seconds)
    {
        (torch.Tensor picture, double? taken) = new SavedPictures(folder).Get(filter, () => make(filter));
        using (picture)
        {
            seconds.AddRange(taken is { } value ? [value] : []);
            return FilterFigures.Of(filter, picture, feed);
        }
    }

    private static void Print(
        string layer, string recipe, FilterFigures[] figures, FilterFigures[] lucent, IReadOnlyCollection<double> seconds)
    {
        FilterFigures[] raised = [.. figures.Where(figure => figure.Clean > 0)];
        double atLeast = figures.Zip(lucent).Average(pair => pair.First.Clean >= pair.Second.Clean ? 1.0 : 0);
        string time = seconds.Count == 0 ? "saved" : FormattableString.Invariant($"{Figures.Median(seconds):0.0}");
        Console.WriteLine(FormattableString.Invariant(
            $"| {layer} | {recipe} | {Figures.Median(figures.Select(figure => (double)figure.Clean)):0.0} | ")
            + FormattableString.Invariant($"{Figures.Median(figures.Select(figure => (double)figure.Robust)):0.0} | ")
            + FormattableString.Invariant($"{Figures.Median(raised.Select(figure => (figure.Smaller + figure.Larger) / 2.0 / figure.Clean)):0.00} | ")
            + FormattableString.Invariant($"{Figures.Median(raised.Select(figure => (double)figure.Jpeg / figure.Clean)):0.00} | ")
            + FormattableString.Invariant($"{figures.Average(figure => figure.Rank == 1 ? 1.0 : 0):P0} | {atLeast:P0} | {time} |"));
    }

    private static FilterImage By(Recipe recipe, CnnFilter filter) =>
        new FilterAscent(filter.Layer, new AscentOptions { Recipe = recipe }).Run([filter.Index], null, default).Single();

    /// <summary>A picture by Lucent's recipe.</summary>
    public static FilterImage ByLucent(CnnFilter filter)
    {
        var clock = Stopwatch.StartNew();
        torch.Tensor picture = new LucentRecipe(filter, filter.Index).Run();
        var result = new AscentResult(picture, null, float.NaN, [], AscentStatus.StepLimit, AscentRescue.None, []);
        return new FilterImage(result, filter)
        {
            Seed = filter.Index,
            Recipe = Recipe.Robust with { Name = "Lucent", Steps = LucentRecipe.Steps },
            Minimized = false,
            Border = 0,
            InitialImage = null,
            Spectrum = null,
            Elapsed = clock.Elapsed,
        };
    }
}
