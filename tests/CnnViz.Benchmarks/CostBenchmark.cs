using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Pictures;
using CnnViz.Plans;

namespace CnnViz.Benchmarks;

/// <summary>
/// What plans estimate that pictures of layers cost, against the time of processors that they take; and how well shares by the estimates are
/// balanced where layers cost what was measured.
/// </summary>
internal static class CostBenchmark
{
    private const int Batch = 8;
    private const int FewSteps = 4;
    private const int Steps = 20;
    private const int Rounds = 2;
    private const int Shares = 1000;

    private static readonly string[] s_networks = ["GoogLeNet", "SqueezeNet 1.1", "MobileNetV2, random"];
    private static readonly int[] s_seeds = [10, 100];

    /// <summary>Prints a table for each network, and what comes of a plan of GoogLeNet in many shares.</summary>
    /// <param name="part">Only networks whose names contain this.</param>
    public static void Run(string part)
    {
        foreach ((string name, Func<CnnModel> load, _) in SpeedBenchmark.Models.Where(model => s_networks.Contains(model.Name) && model.Name.Contains(part, StringComparison.Ordinal)))
        {
            using CnnModel model = load();
            CnnLayer[] layers = [.. model.Layers.Where(layer => layer.Kind == "Conv2d")];
            FilterPlan plan = Plan(layers);
            Dictionary<string, double> measured = Measure(layers);
            double rate = layers.Sum(layer => measured[layer.Name]) / plan.Layers.Sum(layer => layer.Cost);
            Console.WriteLine($"{name}, {Batch} pictures at once, milliseconds of processors a step and picture:");
            Console.WriteLine();
            Console.WriteLine("| layer | estimated | measured | ÷ |");
            Console.WriteLine("|---|---|---|---|");
            foreach (PlanLayer layer in plan.Layers)
            {
                Console.WriteLine(FormattableString.Invariant(
                    $"| {layer.Name} | {layer.Cost * rate * 1e3:0.0} | {measured[layer.Name] * 1e3:0.0} | {measured[layer.Name] / layer.Cost / rate:0.00} |"));
            }

            Console.WriteLine();
            Array.ForEach(s_seeds, seeds => Simulate(plan with { Count = seeds }, measured));
        }
    }

    // The longest share, if each share takes what its pictures take.
    private static void Simulate(FilterPlan plan, Dictionary<string, double> measured)
    {
        IReadOnlyList<PlanPiece>[] shares = PlanShares.All(plan, Shares);
        double[] seconds = [.. shares.Select(share => share.Sum(piece => piece.Length * measured[plan.Layers[piece.Layer].Name]))];
        double ideal = seconds.Sum() / Shares;
        Console.WriteLine(FormattableString.Invariant(
            $"{plan.Pictures} pictures in {Shares} shares, {(double)plan.Pictures / Shares:0} each in {shares.Average(share => share.Count):0.0} pieces: ")
            + FormattableString.Invariant($"the longest takes {seconds.Max() / ideal:0.000} times the ideal, the shortest {seconds.Min() / ideal:0.000}; ")
            + FormattableString.Invariant($"{shares.SelectMany(share => share).Sum(piece => piece.Length % Batch) / (double)plan.Pictures:0.0%} of the pictures climb in smaller batches."));
    }

    private static FilterPlan Plan(CnnLayer[] layers)
    {
        var maker = new PlanMaker(new AscentOptions { Recipe = Recipe.Robust with { Steps = 1 } }, PictureFormat.Png);
        foreach (CnnLayer layer in layers)
        {
            maker.Add(layer, Enumerable.Range(0, layer.Filters));
        }

        return maker.ToPlan();
    }

    // Seconds of a step and picture, without what comes before the first step; the least of some rounds, as others may use the machine.
    private static Dictionary<string, double> Measure(CnnLayer[] layers)
    {
        PlainAscent.Climb(Objectives(layers[0]), FewSteps);
        (Dictionary<string, double> few, Dictionary<string, double> all) = ([], []);
        for (int round = 0; round < Rounds; round++)
        {
            foreach (CnnLayer layer in layers)
            {
                few[layer.Name] = Math.Min(few.GetValueOrDefault(layer.Name, double.MaxValue), Seconds(layer, FewSteps));
                all[layer.Name] = Math.Min(all.GetValueOrDefault(layer.Name, double.MaxValue), Seconds(layer, Steps));
            }
        }

        return layers.ToDictionary(layer => layer.Name, layer => (all[layer.Name] - few[layer.Name]) / (Steps - FewSteps) / Batch);
    }

    private static CnnObjective[] Objectives(CnnLayer layer) =>
        [.. Enumerable.Range(0, Batch).Select(i => new FilterObjective(layer.GetFilter(i % layer.Filters)))];

    private static double Seconds(CnnLayer layer, int steps)
    {
        CnnObjective[] objectives = Objectives(layer);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        PlainAscent.Climb(objectives, steps);
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }
}
