using System.Diagnostics;
using CnnViz.Ascent;
using CnnViz.Models;

namespace CnnViz.Benchmarks;

/// <summary>How time and memory grow with the number and the size of pictures, and what all filters of a network would take.</summary>
internal static class GrowthBenchmark
{
    private const int Steps = 16;
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
        foreach ((int size, int steps) in new[] { (128, 64), (256, 16), (512, 8), (1024, 4), (2048, 2) })
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
        Make(drawn[0].Layer, 2);
        double taken = drawn.GroupBy(filter => filter.Layer).Sum(filters => Make(filters.Key, [.. filters.Select(filter => filter.Index)], 128, Steps));
        double hours = taken / Sample * all.Length * Recipe.Robust.Steps / Steps / 3600;
        Console.WriteLine(FormattableString.Invariant(
            $"All {all.Length} filters at 128 px and {Recipe.Robust.Steps} steps, one at a time, from {Sample} random ones of {Steps} steps: {hours:0.00} hours."));
        double batched = drawn.GroupBy(filter => filter.Layer).Sum(filters => InBatches(filters.Key) * filters.Count());
        Console.WriteLine(FormattableString.Invariant(
            $"In batches of {Batch}: {batched / Sample * all.Length * Recipe.Robust.Steps / Steps / 3600:0.00} hours."));
    }

    // Seconds a filter where a layer's filters fill batches.
    private static double InBatches(CnnLayer layer) =>
        Make(layer, [.. Enumerable.Range(0, Batch).Select(i => i % layer.Filters)], 128, Steps, Batch) / Batch;

    // The filters over and over, until there are as many pictures.
    private static double Make(CnnLayer layer, int count, int size = 128, int steps = Steps) =>
        Make(layer, [.. Enumerable.Range(0, count).Select(i => i % layer.Filters)], size, steps);

    private static double Make(CnnLayer layer, int[] filters, int size, int steps, int batch = 1)
    {
        var options = new AscentOptions { Recipe = Recipe.Robust with { Steps = steps }, Size = (size, size), BatchSize = batch };
        var clock = Stopwatch.StartNew();
        foreach (FilterImage image in new FilterAscent(layer, options).Run(filters, null, default))
        {
            image.Dispose();
        }

        return clock.Elapsed.TotalSeconds;
    }
}
