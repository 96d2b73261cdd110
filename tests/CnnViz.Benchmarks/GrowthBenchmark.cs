using System.Diagnostics;
using CnnViz.Ascent;
using CnnViz.Networks;

namespace CnnViz.Benchmarks;

/// <summary>How time and memory grow with the number and the size of pictures, and what all filters of a network would take.</summary>
internal static class GrowthBenchmark
{
    private const int Steps = 16;
    private const int FewSteps = 4;
    private const int Sample = 200;
    private const int Batch = 8;

    public static void Run()
    {
        using CnnModel model = BenchmarkModels.Load("googlenet");
        CnnLayer layer = model.GetLayer("inception_3b/3x3");
        Make(layer, 2);
        Console.WriteLine($"Pictures of {layer}, {Steps} steps each:");
        Console.WriteLine();
        Console.WriteLine("| pictures | ms a picture | resident, MB |");
        Console.WriteLine("|---|---|---|");
        foreach (int count in new[] { 1, 10, 100, 1000 })
        {
            double seconds = Make(layer, count);
            Console.WriteLine(FormattableString.Invariant($"| {count} | {seconds / count * 1e3:0} | {Environment.WorkingSet >> 20} |"));
        }

        Console.WriteLine();
        Console.WriteLine("| pixels | ms a step | ÷ that of 128 | ÷ the pixels | resident, MB |");
        Console.WriteLine("|---|---|---|---|---|");
        double small = 0;
        foreach ((int size, int steps) in new[] { (128, 64), (256, 32), (512, 24), (1024, 6), (2048, 2) })
        {
            double step = Make(layer, 1, size, steps) / steps;
            small = small == 0 ? step : small;
            double pixels = Math.Pow(size / 128.0, 2);
            Console.WriteLine(FormattableString.Invariant(
                $"| {size}×{size} | {step * 1e3:0.0} | {step / small:0.0} | {step / small / pixels:0.00} | {Environment.WorkingSet >> 20} |"));
        }
    }

    /// <summary>What all filters of the network would take, from some that are drawn at random.</summary>
    public static void RunWhole()
    {
        using CnnModel model = BenchmarkModels.Load("googlenet");
        CnnFilter[] all = [.. model.Layers.Where(candidate => candidate.Kind == "Conv2d").SelectMany(candidate => candidate.GetFilters())];
        CnnFilter[] drawn = [.. BenchmarkModels.Draw(all.Length, Sample).Select(index => all[index])];
        (CnnLayer Layer, int[] Filters)[] layers =
            [.. drawn.GroupBy(filter => filter.Layer).Select(filters => (filters.Key, filters.Select(filter => filter.Index).ToArray()))];
        Make(drawn[0].Layer, 2);
        double alone = Extrapolate(steps => layers.Sum(part => Make(part.Layer, part.Filters, 128, steps)));
        double together = Extrapolate(steps => layers.Sum(part => InBatch(part.Layer, steps) * part.Filters.Length));
        Console.WriteLine(FormattableString.Invariant(
            $"All {all.Length} filters at 128 px and {Recipe.Robust.Steps} steps, from {Sample} random ones: {Hours(alone):0.00} hours one at a time, ")
            + FormattableString.Invariant($"{Hours(together):0.00} in batches of {Batch}."));

        double Hours(double seconds) => seconds / Sample * all.Length / 3600;
    }

    // What a picture costs by itself, and what its steps cost.
    private static double Extrapolate(Func<int, double> seconds)
    {
        double few = seconds(FewSteps);
        double more = seconds(Steps);
        return more + (more - few) / (Steps - FewSteps) * (Recipe.Robust.Steps - Steps);
    }

    // Seconds a filter where a layer's filters fill batches.
    private static double InBatch(CnnLayer layer, int steps) =>
        Make(layer, [.. Enumerable.Range(0, Batch).Select(i => i % layer.Filters)], 128, steps, Batch) / Batch;

    // The filters over and over, until there are as many pictures.
    private static double Make(CnnLayer layer, int count, int size = 128, int steps = Steps) =>
        Make(layer, [.. Enumerable.Range(0, count).Select(i => i % layer.Filters)], size, steps);

    private static double Make(CnnLayer layer, int[] filters, int size, int steps, int batch = 1)
    {
        var options = new AscentOptions { Recipe = Recipe.Robust with { Steps = steps, Size = new(size, size) }, BatchSize = batch };
        var clock = Stopwatch.StartNew();
        foreach (FilterImage image in new FilterAscent(layer, options).Run(filters, null, default))
        {
            image.Dispose();
        }

        return clock.Elapsed.TotalSeconds;
    }
}
