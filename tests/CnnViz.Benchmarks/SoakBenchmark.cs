using System.Diagnostics;
using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Benchmarks;

/// <summary>What a long session leaves behind: many pictures and imports in one process, which should be as large at the end as after a tenth.</summary>
internal static class SoakBenchmark
{
    private const int Rounds = 20;
    private const int WarmUp = 2;
    private const int Batch = 8;
    private const double Growth = 0.05;

    /// <summary>Prints what the process has after each part, and whether it grew since it was warm.</summary>
    /// <param name="ascents">Pictures in all.</param>
    /// <param name="imports">Imports in all.</param>
    public static void Run(int ascents, int imports)
    {
        string path = Path.Combine(RepositoryFolder.Find(), "module", "models", "patterns.onnx");
        Console.WriteLine($"{ascents} pictures and {imports} imports of {Path.GetFileName(path)}");
        Console.WriteLine();
        Console.WriteLine("| pictures | imports | resident, MB | .NET, MB | tensors | handles | threads |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        Footprint? warm = null;
        Footprint last = Measure();
        var clock = Stopwatch.StartNew();
        for (int round = 1; round <= Rounds; round++)
        {
            Import(path, Share(imports, round));
            Climb(path, Share(ascents, round));
            last = Measure();
            warm = round <= WarmUp ? last : warm;
            Console.WriteLine(FormattableString.Invariant(
                $"| {ascents * (long)round / Rounds} | {imports * (long)round / Rounds} | {last.Resident / 1e6:0} | {last.Managed / 1e6:0.0} | {last.Tensors} | {last.Handles} | {last.Threads} |"));
        }

        bool isFlat = last.Resident < warm!.Resident * (1 + Growth) && last.Tensors <= warm.Tensors && last.Handles <= warm.Handles && last.Threads <= warm.Threads;
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant(
            $"{(isFlat ? "Flat" : "Grown")}: since {100 * WarmUp / Rounds} % of the work, {100.0 * last.Resident / warm.Resident - 100:+0.0;-0.0} % resident, ")
            + $"{last.Tensors - warm.Tensors:+0;-0;0} tensors, {last.Handles - warm.Handles:+0;-0;0} handles, {last.Threads - warm.Threads:+0;-0;0} threads, "
            + FormattableString.Invariant($"in {clock.Elapsed.TotalMinutes:0.0} minutes."));
    }

    // What a round has of so many: all together are exactly as many.
    private static int Share(int count, int round) => (int)((long)count * round / Rounds - (long)count * (round - 1) / Rounds);

    private static void Import(string path, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ModelImporter.Import(path, new ImportOptions()).Dispose();
        }
    }

    // Layers in turn, with their filters over and over.
    private static void Climb(string path, int count)
    {
        using CnnModel model = ModelImporter.Import(path, new ImportOptions());
        CnnLayer[] layers = [.. model.Layers.Where(layer => layer.Kind == "Conv2d")];
        var options = new AscentOptions { Recipe = Recipe.Robust with { Steps = 16, Size = new(64, 64) }, BatchSize = Batch };
        for (int done = 0; done < count; done += Batch)
        {
            CnnLayer layer = layers[done / Batch % layers.Length];
            int[] filters = [.. Enumerable.Range(done, Math.Min(Batch, count - done)).Select(i => i % layer.Filters)];
            foreach (FilterImage image in new FilterAscent(layer, options).Run(filters, null, default))
            {
                image.Dispose();
            }
        }
    }

    // What nobody uses any more does not count.
    private static Footprint Measure()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using Process process = Process.GetCurrentProcess();
        return new Footprint(process.WorkingSet64, GC.GetTotalMemory(forceFullCollection: false), torch.Tensor.TotalCount, process.HandleCount, process.Threads.Count);
    }

    private sealed record Footprint(long Resident, long Managed, long Tensors, int Handles, int Threads);
}
