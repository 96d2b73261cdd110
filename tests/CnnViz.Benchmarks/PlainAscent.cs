using System.Diagnostics;
using CnnViz.Ascent;
using CnnViz.Networks;

namespace CnnViz.Benchmarks;

/// <summary>
/// Ascents as they are, without second attempts: those of networks with random weights often end below a plain colour, and would be made again, so
/// that times of steps would tell little.
/// </summary>
internal static class PlainAscent
{
    /// <summary>Seconds a step and picture of a layer's first filters.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="steps">Steps of the default recipe.</param>
    /// <param name="batch">Pictures that climb at once; each is a filter of its own, as far as there are as many.</param>
    public static double Seconds(CnnLayer layer, int steps, int batch) => Seconds(
        [.. Enumerable.Range(0, batch).Select(i => new FilterObjective(layer.GetFilter(i % layer.Filters)))], steps);

    /// <summary>Seconds a step and picture of objectives.</summary>
    public static double Seconds(CnnObjective[] objectives, int steps)
    {
        var clock = Stopwatch.StartNew();
        Climb(objectives, steps);
        return clock.Elapsed.TotalSeconds / steps / objectives.Length;
    }

    /// <summary>Makes pictures of objectives, and forgets them.</summary>
    public static void Climb(CnnObjective[] objectives, int steps)
    {
        var options = new AscentOptions { Recipe = Recipe.Robust with { Steps = steps }, BatchSize = objectives.Length };
        using IDisposable lease = objectives[0].Model.Lease();
        var ascent = new GradientAscent(objectives, options);
        AscentTarget[] targets = [.. objectives.Select((objective, i) => new AscentTarget(objective, (ulong)i))];
        AscentResult[] results = ascent.IsByKernels
            ? ConcurrentAscents.Climb(ascent, targets, (_, _) => { }, default)
            : ascent.Climb(targets, (_, _) => { }, default);
        Array.ForEach(results, result => result.Dispose());
    }
}
