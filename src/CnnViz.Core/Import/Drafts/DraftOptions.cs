using CnnViz.Networks;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.Drafts;

/// <summary>A draft in words: the lines of a description, and sentences about guesses.</summary>
internal static class DraftOptions
{
    // What a sentence lists before it goes on with a number.
    private const int MostListed = 4;

    /// <summary>One number for both, or height x width.</summary>
    public static string Size(Extent size) => size.Height == size.Width ? $"{size.Height}" : $"{size.Height}x{size.Width}";

    /// <summary>A line of a description, and what stands behind it as a comment.</summary>
    public static (string Line, string Comment) Line(ChainElement element, Window? window)
    {
        string from = element.From is { } name ? $" from={name}" : string.Empty;
        return element switch
        {
            WeightedElement { IsConvolution: true } layer =>
                ($"{layer.Name} {layer.Kind}{Convolution(window)}{from}",
                    $"{KeyTable.Shape(layer.Module.Shape)}; guess: {Joined(layer.Guess, layer.Module is { Height: 1, Width: 1 } ? "stride" : "stride, padding")}"),
            WeightedElement layer =>
                ($"{layer.Name} {layer.Kind}{Options(layer.Options)}{from}",
                    KeyTable.Shape(layer.Module.Shape) + (layer.Guess is { } guess ? $"; guess: {guess}" : string.Empty)),
            PoolElement place => ($"{place.Name} {place.Kind}{Pooling(window!)}", "guess"),
            FunctionElement function => ($"{function.Name} {function.Kind}", function.Guess is null ? string.Empty : $"guess: {function.Guess}"),
            _ => (element.Name, string.Empty),
        };
    }

    /// <summary>What was guessed of strides and paddings.</summary>
    public static IEnumerable<string> Windows(ChainDraft draft)
    {
        (string Name, Window Window)[] windows =
        [
            .. draft.Chain.Zip(draft.Geometry.Windows)
                .Where(pair => pair is { First: WeightedElement { IsConvolution: true }, Second: not null })
                .Select(pair => (pair.First.Name, pair.Second!)),
        ];
        bool isSame = windows.All(pair => pair.Window.Rule != PaddingRule.Explicit
            || (pair.Window.Padding.Top, pair.Window.Padding.Left) == (pair.Window.Kernel.Height / 2, pair.Window.Kernel.Width / 2));
        string padding = windows.All(pair => pair.Window is { Rule: PaddingRule.Explicit, Padding.IsNone: true }) ? "no padding"
            : isSame ? "paddings that keep the size"
            : $"paddings of {string.Join(", ", windows.Select(pair => pair.Window.Padding.Top).Distinct())}";
        string[] strided = [.. windows.Where(pair => pair.Window.Stride != Extent.One).Select(pair => pair.Name)];
        yield return strided.Length == 0 ? $"stride 1 and {padding}" : $"{padding}, strides in {List(strided)}, stride 1 elsewhere";
    }

    /// <summary>What was guessed of activations and poolings.</summary>
    public static IEnumerable<string> Functions(IReadOnlyList<ChainElement> chain)
    {
        string[] activations = [.. chain.OfType<FunctionElement>().Where(function => function.Guess == "activation").Select(function => function.Name)];
        if (activations.Length > 0)
        {
            yield return $"{activations.Length} times ReLU";
        }

        string[] pools = [.. chain.OfType<PoolElement>().Select(place => place.Name)];
        yield return pools.Length == 0 ? "no pooling" : $"max pooling at {List(pools)}";
        foreach (FunctionElement function in chain.OfType<FunctionElement>().Where(function => function.Guess is not null and not "activation"))
        {
            yield return function.Guess!;
        }

        foreach (WeightedElement layer in chain.OfType<WeightedElement>().Where(layer => layer.Guess is not null))
        {
            yield return $"{layer.Name}: {layer.Guess}";
        }
    }

    /// <summary>Where and why a chain ends.</summary>
    public static string Sentence(ChainBuilder builder) => (builder.StoppedAt, builder.IsHeadless) switch
    {
        ({ } module, var isHeadless) => (isHeadless ? "what comes before the first convolution; and " : string.Empty)
            + $"the chain ends before {WeightFile.Quote(module.Name)}: {builder.Reason}.",
        (null, true) => "what comes before the first convolution.",
        _ => "they have no place in a chain.",
    };

    private static string Convolution(Window? window)
    {
        if (window is null)
        {
            return string.Empty;
        }

        string stride = window.Stride == Extent.One ? string.Empty : $" stride={Size(window.Stride)}";
        string padding = window.Rule != PaddingRule.Explicit ? " padding=same"
            : window.Padding.IsNone ? string.Empty
            : $" padding={Size(new(window.Padding.Top, window.Padding.Left))}";
        return stride + padding;
    }

    private static string Pooling(Window window)
    {
        string stride = window.Stride == window.Kernel ? string.Empty : $" stride={Size(window.Stride)}";
        string padding = window.Padding.IsNone ? string.Empty : $" padding={Size(new(window.Padding.Top, window.Padding.Left))}";
        return $" kernel={Size(window.Kernel)}{stride}{padding}";
    }

    private static string Options(string options) => options.Length == 0 ? string.Empty : $" {options}";

    private static string Joined(string? first, string second) => first is null ? second : $"{first}, {second}";

    private static string List(string[] names) => string.Join(", ", names.Take(MostListed))
        + (names.Length > MostListed ? $" and {names.Length - MostListed} more" : string.Empty);
}
