using CnnViz.Import.Networks;
using CnnViz.Networks;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.Drafts;

/// <summary>
/// How people choose windows and image sizes, as costs: 0 is what nearly everyone does, 1 is usual, 5 is rare. They are the weights of
/// <see cref="GeometrySearch"/>, set by hand from published networks; they decide between explanations of the same sizes only.
/// </summary>
internal static class GeometryHabits
{
    private const double Deviation = 2;
    private const double OtherPool = 3;

    /// <summary>Which padding goes with a kernel of a size, how much speaks against this being the network's rule, and the rule.</summary>
    public static (double Cost, Func<long, bool, long> Padding)[] Paddings { get; } =
    [
        (0, (kernel, _) => kernel / 2),
        (0.2, (_, _) => 0),
        (1.0, (kernel, _) => kernel == 3 ? 1 : 0),
        (1.5, (kernel, _) => kernel > 1 ? 1 : 0),
        (1.5, (kernel, isFirst) => isFirst ? kernel / 2 : 0),
        (2.5, (kernel, _) => kernel > 2 ? 2 : 0),
        (2.5, (kernel, isFirst) => isFirst ? 0 : kernel / 2),
    ];

    /// <summary>Where poolings stand: whether at a place, and how much speaks against this being the network's rule.</summary>
    public static (double Cost, Func<PoolElement, bool> IsPooled)[] Poolings { get; } =
    [
        (0, _ => true),
        (0.4, place => place.Grows || place.IsLast),
        (0.6, place => place.Ordinal % 2 == 1),
        (0.8, place => place.IsLast),
        (0.8, _ => false),
    ];

    /// <summary>Windows of poolings, and how much speaks against this being the one of the network.</summary>
    public static (double Cost, Window Window)[] Pools { get; } =
    [
        (0, Windows.Square(2, 2)), (1.5, Windows.Square(4, 4)), (1.8, Windows.Square(3, 2)), (1.8, Windows.Square(3, 3)),
        (1.8, Windows.Square(3, 2, 1)), (3, Windows.Square(2, 1)), (3.5, Windows.Square(5, 5)),
    ];

    private static readonly (double Cost, int Side)[] s_grey =
        [(0, 28), (1, 32), (1.5, 64), (1.8, 48), (2, 128), (2, 224), (2.2, 96), (2.5, 84), (2.5, 50), (2.5, 100), (2.5, 256)];

    private static readonly (double Cost, int Side)[] s_colour =
    [
        (0, 32), (0, 224), (0.7, 64), (0.8, 128), (1.2, 256), (1.5, 96), (1.5, 150), (1.5, 100), (1.8, 48), (1.6, 28), (2, 227), (2, 299),
        (2, 512), (2, 30), (2, 112), (2.2, 160), (2.2, 84), (2.5, 180), (2.5, 200), (2.5, 240), (2.5, 300), (2.5, 50), (2.5, 120), (2.5, 192),
    ];

    private static readonly (double Cost, Extent Size)[] s_oblong =
    [
        (4, new(120, 160)), (4, new(240, 320)), (4, new(480, 640)), (4, new(66, 200)), (4.2, new(96, 64)), (4.2, new(64, 128)), (4.2, new(128, 64)),
        (4.5, new(60, 80)), (4.5, new(32, 128)), (4.5, new(40, 101)), (4.5, new(32, 100)), (4.5, new(72, 128)),
    ];

    /// <summary>The size that images have where nothing tells it.</summary>
    public static Extent UsualSize { get; } = new(224, 224);

    /// <summary>Sizes of images, the cheapest first.</summary>
    /// <param name="channels">Channels of the image.</param>
    public static IEnumerable<(double Cost, Extent Size)> Sizes(long channels)
    {
        (double Cost, int Side)[] known = channels == 1 ? s_grey : s_colour;
        IEnumerable<(double Cost, Extent Size)> rare = Enumerable.Range(8, 249)
            .Where(side => !known.Any(entry => entry.Side == side))
            .Select(side => (side % 8 == 0 || side % 10 == 0 ? 4.0 : 5.0, new Extent(side, side)));
        return known.Select(entry => (entry.Cost, new Extent(entry.Side, entry.Side))).Concat(s_oblong).Concat(rare)
            .OrderBy(entry => entry.Item1);
    }

    /// <summary>What a place for a pooling may have; null is no pooling.</summary>
    /// <param name="place">The place.</param>
    /// <param name="isPooled">Where poolings stand as a rule.</param>
    /// <param name="usual">The window that they have as a rule.</param>
    public static IEnumerable<(double Cost, Window? Window)> Options(PoolElement place, Func<PoolElement, bool> isPooled, Window usual)
    {
        double habit = place.IsOpen ? Deviation : 0;
        yield return (place.None + (isPooled(place) ? habit : 0), null);
        foreach ((_, Window window) in Pools)
        {
            yield return (place.Pool + (window == usual ? 0 : OtherPool) + (isPooled(place) ? 0 : habit), window);
        }
    }

    /// <summary>What a convolution may have.</summary>
    public static IEnumerable<(double Cost, Window? Window)> Options(WeightedElement layer, Func<long, bool, long> padding, bool isKeras)
    {
        (long height, long width) = (layer.Module.Height, layer.Module.Width);
        var kernel = new Extent(height, width);
        long larger = Math.Max(height, width);
        var usual = new Extent(padding(height, layer.IsFirst), padding(width, layer.IsFirst));
        (double Cost, long Stride)[] strides = (layer.Kind, larger) switch
        {
            ("convtranspose", 2) => [(0, 2), (3, 1)],
            ("convtranspose", _) => [(0, 2), (1, 1)],
            (_, 1) => [(0, 1), (4, 2)],
            (_, 4) => [(0, 2), (1, 1)],
            (_, >= 14) when layer.IsFirst => [(0, larger), (1, 4), (1, 2), (1, 1)],
            (_, >= 8) when layer.IsFirst => [(0, 4), (1, 2), (1, 1)],
            (_, 7) when layer.IsFirst => [(0.4, 2), (0.4, 1)],
            _ when layer.IsLarger => [(0, 2), (1, 1)],
            _ when layer.Module.IsDepthwise => [(0, 1), (1, 2)],
            _ => [(0, 1), (2.2, 2)],
        };
        foreach ((double cost, long side) in strides)
        {
            var stride = new Extent(side, side);
            if (isKeras)
            {
                yield return (cost + (usual == default ? 0 : 0.1), Windows.Of(kernel, stride, default) with
                {
                    Rule = usual == default ? PaddingRule.Explicit : PaddingRule.SameUpper,
                });
                continue;
            }

            // A kernel of four that halves the image is padded by one.
            Extent padded = larger == 4 && usual != default ? new(Math.Min(1, usual.Height), Math.Min(1, usual.Width)) : usual;
            yield return (cost, Windows.Of(kernel, stride, padded));
            foreach (long other in new[] { 0L, 1, larger / 2 }.Where(other => larger > 1 && other <= larger / 2).Distinct())
            {
                if (padded != new Extent(other, other) && height == width)
                {
                    yield return (cost + Deviation, Windows.Of(kernel, stride, new(other, other)));
                }
            }
        }
    }
}
