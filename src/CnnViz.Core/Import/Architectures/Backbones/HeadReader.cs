using System.Globalization;

namespace CnnViz.Import.Architectures.Backbones;

/// <summary>Reads a head off the keys and shapes of its tensors.</summary>
internal static class HeadReader
{
    private static readonly string[] s_statistics = ["bias", "running_mean", "running_var", "weight"];

    /// <summary>Reads the layers of a head.</summary>
    /// <param name="tensors">Its tensors, and no others.</param>
    /// <returns>The layers in order; null where there is another kind of layer, or the keys do not tell the order.</returns>
    public static IReadOnlyList<HeadLayer>? TryRead(IEnumerable<StateTensor> tensors)
    {
        HeadLayer?[] layers = [.. tensors
            .Where(tensor => !tensor.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal))
            .GroupBy(tensor => Parent(tensor.Name))
            .Select(group => TryReadLayer(group.Key, [.. group]))];
        return layers.Length > 0 && layers.All(layer => layer is not null) && TryOrder([.. layers.Select(layer => layer!)]) is { } ordered
            && ordered.Zip(ordered.Skip(1)).All(pair => pair.First.Units == pair.Second.Inputs) && ordered.Any(layer => layer.IsDense)
            ? ordered
            : null;
    }

    private static string Parent(string key) => key[..Math.Max(0, key.LastIndexOf('.'))];

    private static HeadLayer? TryReadLayer(string name, StateTensor[] tensors)
    {
        string[] parts = [.. tensors.Select(tensor => tensor.Name[(name.Length + 1)..]).Order(StringComparer.Ordinal)];
        IReadOnlyList<long> shape = tensors.FirstOrDefault(tensor => tensor.Name.EndsWith(".weight", StringComparison.Ordinal))?.Shape ?? [];
        bool isDense = shape.Count == 2 && parts is ["weight"] or ["bias", "weight"];
        return isDense && shape.Count == 2 ? new(name, true, shape[1], shape[0], parts.Length == 2, false)
            : shape.Count == 1 && parts.SequenceEqual(s_statistics) ? new(name, false, shape[0], shape[0], true, false)
            : null;
    }

    private static HeadLayer[]? TryOrder(HeadLayer[] layers)
    {
        if (layers.Length == 1)
        {
            return layers;
        }

        string[][] paths = [.. layers.Select(layer => layer.Key.Split('.'))];
        int root = 0;
        while (paths.All(path => path.Length > root + 1 && path[root] == paths[0][root]))
        {
            root++;
        }

        return paths.All(path => path.Skip(root).All(IsNumber)) ? ByIndices(layers, root)
            : paths.All(path => path.Length == root + 1 && char.IsAsciiDigit(path[root][^1])) ? ByNumbers(layers)
            : null;
    }

    // Children of nn.Sequential. An index that is left out is a layer without weights.
    private static HeadLayer[] ByIndices(HeadLayer[] layers, int root)
    {
        (HeadLayer Layer, int[] Path)[] sorted = [.. layers
            .Select(layer => (layer, Path: layer.Key.Split('.').Skip(root).Select(Number).ToArray()))
            .OrderBy(pair => pair.Path, Comparer<int[]>.Create(Compare))];
        return Activate([.. sorted.Select(pair => pair.Layer)], place => HasGap(sorted[place - 1].Path, sorted[place].Path));
    }

    // Names such as fc1, bn1, fc2. What stands between them is in the program only; before a normalization it is nothing.
    private static HeadLayer[] ByNumbers(HeadLayer[] layers)
    {
        HeadLayer[] sorted = [.. layers.OrderBy(layer => Number(Digits(layer.Key))).ThenBy(layer => layer.IsDense ? 0 : 1)];
        return Activate(sorted, place => sorted[place].IsDense);
    }

    // One activation function between two dense layers, at the first place where one may be.
    private static HeadLayer[] Activate(HeadLayer[] layers, Func<int, bool> mayBefore)
    {
        bool isOpen = false;
        for (int place = 0; place < layers.Length; place++)
        {
            bool isHere = isOpen && mayBefore(place);
            isOpen = layers[place].IsDense || (isOpen && !isHere);
            layers[place] = layers[place] with { IsActivatedBefore = isHere };
        }

        return layers;
    }

    private static bool HasGap(int[] first, int[] second)
    {
        int at = 0;
        while (at < Math.Min(first.Length, second.Length) - 1 && first[at] == second[at])
        {
            at++;
        }

        return second[at] - first[at] > 1 || first.Length > at + 1 || second.Skip(at + 1).Any(index => index > 0);
    }

    private static int Compare(int[] first, int[] second) =>
        first.Zip(second).Select(pair => pair.First.CompareTo(pair.Second)).FirstOrDefault(order => order != 0) is var order and not 0
            ? order
            : first.Length.CompareTo(second.Length);

    private static bool IsNumber(string segment) => segment.Length is > 0 and < 5 && segment.All(char.IsAsciiDigit);

    private static string Digits(string name)
    {
        string digits = string.Concat(name.Reverse().TakeWhile(char.IsAsciiDigit).Reverse());
        return digits.Length < 5 ? digits : digits[^4..];
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
