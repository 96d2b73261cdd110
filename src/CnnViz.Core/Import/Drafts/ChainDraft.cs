using CnnViz.Networks;

namespace CnnViz.Import.Drafts;

/// <summary>A chain with the windows that were found for it.</summary>
/// <param name="Builder">Its layers, and where it ends.</param>
/// <param name="Chain">Its layers, poolings with their windows.</param>
/// <param name="Geometry">Its windows.</param>
/// <param name="IsSizeKnown">Whether the size of the image is given, or follows from a dense layer.</param>
internal sealed record ChainDraft(ChainBuilder Builder, IReadOnlyList<ChainElement> Chain, Geometry Geometry, bool IsSizeKnown)
{
    // Above it, a mean over the map, or means of parts of it, are more usual than such windows.
    private const double UsualForOne = 2.3;
    private const double UsualForSome = 7;
    private const long LargestAdaptive = 8;

    /// <summary>Drafts a chain.</summary>
    /// <param name="modules">The modules in the order in which they run.</param>
    /// <param name="inputSize">Size of the image, if it is given.</param>
    /// <param name="isKeras">Whether paddings are Keras's.</param>
    public static ChainDraft Of(IReadOnlyList<WeightModule> modules, Extent? inputSize, bool isKeras)
    {
        ChainBuilder builder = ChainBuilder.Build(modules);
        int flatten = FlattenOf(builder);
        if (flatten < 0)
        {
            return Open(builder, inputSize, isKeras);
        }

        WeightedElement dense = builder.Chain.Skip(flatten).OfType<WeightedElement>().First(layer => layer.Kind == "linear");
        long channels = MapChannels(builder, flatten);
        long positions = dense.Module.Inputs / channels;
        ChainElement[] before = [.. builder.Chain.Take(flatten)];
        bool isPooled = before.Any(element => element is FunctionElement { Kind: "globalavgpool" or "globalmaxpool" });
        if (isPooled && positions == 1)
        {
            return Join(builder, new GeometrySearch(before, builder.ImageChannels ?? 1, inputSize, isKeras).Find(null), [], flatten, inputSize is not null)!;
        }

        Geometry? exact = isPooled ? null : new GeometrySearch(before, builder.ImageChannels ?? 1, inputSize, isKeras).Find(positions);
        if (exact is not null && exact.Cost <= (positions == 1 ? UsualForOne : UsualForSome))
        {
            return Join(builder, exact, [], flatten, isSizeKnown: true)!;
        }

        // Means over the map, of as many parts as the dense layer wants.
        long side = (long)Math.Sqrt(positions);
        Geometry? open = side * side == positions && side <= LargestAdaptive && !isPooled
            ? new GeometrySearch(before, builder.ImageChannels ?? 1, inputSize, isKeras).Find(null)
            : null;
        FunctionElement mean = positions == 1
            ? new FunctionElement("avgpool", "globalavgpool", "a mean, as the dense layer wants one value of each channel")
            : new FunctionElement("avgpool", $"adaptiveavgpool size={side}", $"means, as the dense layer wants {side}×{side} values of each channel");
        return (exact is not null && positions != 1 ? Join(builder, exact, [], flatten, isSizeKnown: true) : null)
            ?? Join(builder, open, [mean], flatten, inputSize is not null)
            ?? Open(
                ChainBuilder.Build(modules, dense.Module, SizeReason(dense.Module, channels, inputSize)), inputSize, isKeras);
    }

    private static string SizeReason(WeightModule dense, long channels, Extent? inputSize) =>
        $"it wants {dense.Inputs} values, {dense.Inputs / channels} of each channel, which no usual strides and poolings give"
        + (inputSize is { } size ? $" for images of {size.Height}×{size.Width}" : "; -InputSize may help");

    // A chain without a dense layer, whose sizes nothing tells.
    private static ChainDraft Open(ChainBuilder builder, Extent? inputSize, bool isKeras)
    {
        ChainElement[] chain = [.. builder.Chain.TakeWhile(element => element is not FunctionElement { Kind: "flatten" })];
        Geometry geometry = new GeometrySearch(chain, builder.ImageChannels ?? 1, inputSize, isKeras).Find(null)
            ?? new Geometry(inputSize ?? GeometryHabits.UsualSize, new CnnViz.Networks.Operators.Window?[chain.Length], default, 0);
        return Join(builder, geometry, [], chain.Length, inputSize is not null)!;
    }

    private static ChainDraft? Join(ChainBuilder builder, Geometry? geometry, ChainElement[] inserted, int flatten, bool isSizeKnown)
    {
        if (geometry is null)
        {
            return null;
        }

        List<ChainElement> chain = [];
        Dictionary<string, string> dropped = new(StringComparer.Ordinal);
        List<CnnViz.Networks.Operators.Window?> windows = [];
        for (int i = 0; i < builder.Chain.Count; i++)
        {
            foreach (ChainElement element in i == flatten ? inserted : [])
            {
                chain.Add(element);
                windows.Add(null);
            }

            var window = i < geometry.Windows.Count ? geometry.Windows[i] : null;
            if (builder.Chain[i] is PoolElement place)
            {
                if (window is null)
                {
                    dropped[place.Name] = chain.Count > 0 ? chain[^1].Name : "input";
                    continue;
                }

                chain.Add(place with { Window = window });
            }
            else
            {
                ChainElement element = builder.Chain[i];
                chain.Add(element.From is { } from && dropped.TryGetValue(from, out string? instead) ? element with { From = instead } : element);
            }

            windows.Add(window);
        }

        return new ChainDraft(builder, chain, geometry with { Windows = windows }, isSizeKnown);
    }

    private static int FlattenOf(ChainBuilder builder)
    {
        bool hasDense = builder.Chain.Any(element => element is WeightedElement { Kind: "linear" });
        return hasDense ? builder.Chain.ToList().FindIndex(element => element is FunctionElement { Kind: "flatten" }) : -1;
    }

    private static long MapChannels(ChainBuilder builder, int flatten)
    {
        WeightedElement last = builder.Chain.Take(flatten).OfType<WeightedElement>().Last(layer => layer.IsConvolution && layer.From is null);
        return last.Kind == "convtranspose" ? last.Module.Inputs : last.Module.Outputs;
    }
}
