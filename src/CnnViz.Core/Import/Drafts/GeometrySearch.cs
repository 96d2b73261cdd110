using CnnViz.Import.Networks;
using CnnViz.Networks;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.Drafts;

/// <summary>What the windows of a chain may be.</summary>
/// <param name="Input">Size of the image.</param>
/// <param name="Windows">By layer: the window of a convolution or pooling; null for no pooling, and for other layers.</param>
/// <param name="Output">Size of the map at the end.</param>
/// <param name="Cost">How unusual it is.</param>
internal sealed record Geometry(Extent Input, IReadOnlyList<Window?> Windows, Extent Output, double Cost);

/// <summary>
/// Finds the strides, paddings and poolings of a chain, and the size of its image, from the size of the map at its end: the most usual
/// ones that give that size, by dynamic programming over the sizes of maps.
/// </summary>
internal sealed class GeometrySearch
{
    // No map on the way has fewer or more pixels a side.
    private const long Largest = 4096;

    private readonly IReadOnlyList<ChainElement> _chain;
    private readonly long _channels;
    private readonly Extent? _inputSize;
    private readonly bool _isKeras;

    /// <param name="chain">The layers.</param>
    /// <param name="channels">Channels of the image.</param>
    /// <param name="inputSize">Size of the image, if it is known.</param>
    /// <param name="isKeras">Whether paddings are Keras's.</param>
    public GeometrySearch(IReadOnlyList<ChainElement> chain, long channels, Extent? inputSize, bool isKeras)
    {
        _chain = chain;
        _channels = channels;
        _inputSize = inputSize;
        _isKeras = isKeras;
    }

    /// <summary>The most usual windows that give a map of so many pixels.</summary>
    /// <param name="positions">Pixels of the map at the end; null where nothing tells.</param>
    /// <returns>The windows; null where none give it.</returns>
    public Geometry? Find(long? positions)
    {
        Geometry? best = null;
        foreach (Rules rules in AllRules(positions).OrderBy(rules => rules.Cost))
        {
            if (best is not null && rules.Cost >= best.Cost)
            {
                break;
            }

            if (Run(rules, positions) is { } found && found.Cost < (best?.Cost ?? double.MaxValue))
            {
                best = found;
            }
        }

        return best;
    }

    // Where nothing tells, the image has the usual size, and poolings are where the channels grow.
    private IEnumerable<Rules> AllRules(long? positions) =>
        from size in _inputSize is { } given ? [(0, given)]
            : positions is null ? [(0, GeometryHabits.UsualSize)]
            : GeometryHabits.Sizes(_channels)
        from padding in positions is null ? GeometryHabits.Paddings[..1] : GeometryHabits.Paddings
        from pooling in positions is null ? GeometryHabits.Poolings[1..2] : GeometryHabits.Poolings
        from pool in positions is null ? GeometryHabits.Pools[..1] : GeometryHabits.Pools
        select new Rules(
            size.Item1 + padding.Cost + pooling.Cost + pool.Cost, size.Item2, padding.Padding, pooling.IsPooled, pool.Window);

    private Geometry? Run(Rules rules, long? positions)
    {
        var ways = new List<Dictionary<Extent, Way>> { new() { [rules.Size] = new Way(rules.Cost, default, null) } };
        foreach (ChainElement element in _chain)
        {
            (double Cost, Window? Window)[] options = element switch
            {
                WeightedElement { IsConvolution: true, From: null } layer => [.. GeometryHabits.Options(layer, rules.Padding, _isKeras)],
                FunctionElement { Kind: "pad padding=1" } => [(0, Windows.Square(1, 1, 1))],
                FunctionElement { Kind: "upsample scale=2" } => [(0, Windows.Square(2, 2))],
                PoolElement place => [.. GeometryHabits.Options(place, rules.IsPooled, rules.Pool)],
                _ => [(0, null)],
            };
            bool isTransposed = element is WeightedElement { Kind: "convtranspose" } or FunctionElement { Kind: "upsample scale=2" };
            var next = new Dictionary<Extent, Way>();
            foreach ((Extent from, Way way) in ways[^1])
            {
                foreach ((double cost, Window? window) in options)
                {
                    if (After(from, window, isTransposed) is { } to
                        && (!next.TryGetValue(to, out Way? known) || way.Cost + cost < known.Cost))
                    {
                        next[to] = new Way(way.Cost + cost, from, window);
                    }
                }
            }

            ways.Add(next);
        }

        (Extent end, Way? last) = ways[^1]
            .Where(pair => positions is null || pair.Key.Height * pair.Key.Width == positions)
            .OrderBy(pair => pair.Value.Cost)
            .Select(pair => (pair.Key, (Way?)pair.Value))
            .FirstOrDefault();
        return last is null ? null : new Geometry(rules.Size, Trace(ways, end), end, last.Cost);
    }

    private static Window?[] Trace(List<Dictionary<Extent, Way>> ways, Extent end)
    {
        var windows = new Window?[ways.Count - 1];
        for (int i = windows.Length; i > 0; i--)
        {
            Way way = ways[i][end];
            windows[i - 1] = way.Window;
            end = way.From;
        }

        return windows;
    }

    private static Extent? After(Extent size, Window? window, bool isTransposed)
    {
        if (window is null)
        {
            return size;
        }

        var after = new Extent(
            Along(size.Height, window.Kernel.Height, window.Stride.Height, window.Padding.Top, window.Rule, isTransposed),
            Along(size.Width, window.Kernel.Width, window.Stride.Width, window.Padding.Left, window.Rule, isTransposed));
        return after is { Height: > 0 and <= Largest, Width: > 0 and <= Largest } ? after : null;
    }

    private static long Along(long size, long kernel, long stride, long padding, PaddingRule rule, bool isTransposed) => (rule, isTransposed) switch
    {
        (PaddingRule.Explicit, false) => size + 2 * padding < kernel ? 0 : (size + 2 * padding - kernel) / stride + 1,
        (PaddingRule.Explicit, true) => (size - 1) * stride - 2 * padding + kernel,
        (_, false) => (size + stride - 1) / stride,
        _ => size * stride,
    };

    // What holds for the whole network, unless a layer deviates.
    private sealed record Rules(
        double Cost, Extent Size, Func<long, bool, long> Padding, Func<PoolElement, bool> IsPooled, Window Pool);

    private sealed record Way(double Cost, Extent From, Window? Window);
}
