using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnViz.Import.Keras;

/// <summary>
/// The weights of Keras 3's <c>.weights.h5</c>: a group for each layer, named by its class and a number, with numbered weights. Neither the names of weights
/// nor the order of layers of several classes is in the file.
/// </summary>
internal static partial class KerasNumberedWeights
{
    private static readonly string[] s_containers = ["layers", "_layer_checkpoint_dependencies"];

    /// <summary>The weights.</summary>
    public static IEnumerable<StoredWeight> Of(Hdf5Group root) => Layers(root).SelectMany(layer => Parts(layer.Name, layer.Weights));

    /// <summary>
    /// The layers in the order in which they probably run: convolutions by their numbers; the poolings shared out among them; normalizations,
    /// activations and the like behind the convolution of their number; dense layers at the end.
    /// </summary>
    public static IReadOnlyList<string> LayerNames(Hdf5Group root)
    {
        string[] names = [.. Layers(root).Select(layer => layer.Name)];
        string[] convolutions = [.. names.Where(name => Convolution().IsMatch(name)).OrderBy(NumberOf)];
        string[] poolings = [.. names.Where(name => Pooling().IsMatch(name)).OrderBy(NumberOf)];
        return
        [
            .. names
                .OrderBy(name => Place(name, convolutions, poolings))
                .ThenBy(name => Rank(name))
                .ThenBy(NumberOf),
        ];
    }

    // The number of the convolution that a layer stands behind; dense layers and what belongs to them come last.
    private static int Place(string name, string[] convolutions, string[] poolings)
    {
        int number = NumberOf(name);
        return name switch
        {
            _ when Convolution().IsMatch(name) => Array.IndexOf(convolutions, name),
            _ when Pooling().IsMatch(name) => (Array.IndexOf(poolings, name) + 1) * convolutions.Length / Math.Max(1, poolings.Length) - 1,
            _ when Early().IsMatch(name) => number < convolutions.Length ? number : int.MaxValue,
            _ when Before().IsMatch(name) => -1,
            _ => int.MaxValue,
        };
    }

    private static int Rank(string name) => name switch
    {
        _ when Convolution().IsMatch(name) => 0,
        _ when name.Contains("normalization", StringComparison.Ordinal) => 1,
        _ when Early().IsMatch(name) => 2,
        _ when Pooling().IsMatch(name) => 3,
        _ when name.Contains("flatten", StringComparison.Ordinal) || name.Contains("global", StringComparison.Ordinal) => 4,
        _ => 5,
    };

    private static IEnumerable<(string Name, Hdf5Dataset[] Weights)> Layers(Hdf5Group group)
    {
        foreach (Hdf5Group container in s_containers.Select(group.Group).OfType<Hdf5Group>())
        {
            foreach (string name in container.Names)
            {
                if (container.Group(name) is not { } layer)
                {
                    continue;
                }

                (string Name, Hdf5Dataset[] Weights)[] inside = [.. Layers(layer)];
                foreach ((string Name, Hdf5Dataset[] Weights) inner in inside)
                {
                    yield return inner;
                }

                if (inside.Length == 0)
                {
                    yield return (name, WeightsOf(layer));
                }
            }
        }
    }

    private static Hdf5Dataset[] WeightsOf(Hdf5Group layer)
    {
        var weights = new List<Hdf5Dataset>();
        while (layer.Dataset($"vars/{weights.Count}") is { } next)
        {
            weights.Add(next);
        }

        return [.. weights];
    }

    private static IEnumerable<StoredWeight> Parts(string layer, Hdf5Dataset[] weights)
    {
        string[] parts = weights.Select(weight => weight.Shape.Count).ToArray() switch
        {
            [4, 4, ..] => ["depthwise_kernel", "pointwise_kernel", "bias"],
            [1, 1, 1, 1] => ["gamma", "beta", "moving_mean", "moving_variance"],
            [1, 1, 1] => ["beta", "moving_mean", "moving_variance"],
            [1, 1] => ["gamma", "beta"],
            [3 or 1] when layer.Contains("re_lu", StringComparison.Ordinal) => ["alpha"],
            _ => ["kernel", "bias"],
        };
        return weights.Zip(parts, (weight, part) => new StoredWeight(layer, layer, part, weight));
    }

    // conv2d is the first, conv2d_1 the second.
    private static int NumberOf(string name) =>
        Number().Match(name) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out int number) ? number : 0;

    [GeneratedRegex(@"_(\d{1,6})$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"conv", RegexOptions.CultureInvariant)]
    private static partial Regex Convolution();

    [GeneratedRegex(@"^(max|average)_pooling", RegexOptions.CultureInvariant)]
    private static partial Regex Pooling();

    [GeneratedRegex(@"normalization|re_lu|activation|^elu|p_re_lu|zero_padding", RegexOptions.CultureInvariant)]
    private static partial Regex Early();

    [GeneratedRegex(@"input|rescaling|random", RegexOptions.CultureInvariant)]
    private static partial Regex Before();
}
