using CnnViz.Ascent;
using CnnViz.Networks;

namespace CnnViz.Benchmarks;

/// <summary>What is chosen by default, the size of a batch and the number of threads, against its alternatives, in turns, the best of several.</summary>
internal static class ChoiceBenchmark
{
    private const int Rounds = 3;
    private const int Steps = 16;
    private const int Pictures = 8;

    private static readonly int[] s_batches = [1, 2, 4, 8];

    public static void Run(string part)
    {
        Console.WriteLine($"Milliseconds a step and picture of {Pictures} pictures in batches of several sizes, the best of {Rounds}; the last column is the");
        Console.WriteLine("default's time, as a share of the best one's.");
        Console.WriteLine();
        Console.WriteLine($"| network | layer | {string.Join(" | ", s_batches)} | default | ÷ best |");
        Console.WriteLine($"|---|---|{string.Concat(s_batches.Select(_ => "---|"))}---|---|");
        foreach ((string name, Func<CnnModel> load, string[] layers) in SpeedBenchmark.Models)
        {
            string[] chosen = [.. layers.Where(layer => layer.Contains(part, StringComparison.Ordinal))];
            using CnnModel? model = chosen.Length > 0 ? load() : null;
            foreach (string layer in chosen)
            {
                Print(name, layer, model!.GetLayer(layer));
            }
        }
    }

    private static void Print(string name, string layerName, CnnLayer layer)
    {
        int chosen = DefaultBatch(layer);
        int[] batches = [.. s_batches.Append(chosen).Distinct()];
        var best = batches.ToDictionary(batch => batch, _ => double.MaxValue);
        for (int round = 0; round < Rounds; round++)
        {
            foreach (int batch in batches)
            {
                double seconds = Enumerable.Range(0, Pictures / batch).Sum(_ => PlainAscent.Seconds(layer, Steps, batch) * batch) / (Pictures / batch * batch);
                best[batch] = Math.Min(best[batch], seconds);
            }
        }

        Console.WriteLine(FormattableString.Invariant(
            $"| {name} | {layerName} | {string.Join(" | ", s_batches.Select(batch => FormattableString.Invariant($"{best[batch] * 1e3:0.0}")))} | {chosen}: {best[chosen] * 1e3:0.0} | {best[chosen] / best.Values.Min():0.00} |"));
    }

    private static int DefaultBatch(CnnLayer layer)
    {
        CnnObjective[] objectives = [.. Enumerable.Range(0, Pictures).Select(i => new FilterObjective(layer.GetFilter(i % layer.Filters)))];
        return new ObjectiveAscent(objectives, new AscentOptions { Recipe = Recipe.Robust with { Steps = Steps } }).BatchSize;
    }
}
