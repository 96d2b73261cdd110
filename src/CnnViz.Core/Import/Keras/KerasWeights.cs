using System.Globalization;
using CnnViz.Import.Networks;

namespace CnnViz.Import.Keras;

/// <summary>The weights of a file by layer.</summary>
internal interface IKerasWeights
{
    /// <summary>The weights of a layer, in Keras's order and as stored; none where it has none.</summary>
    IReadOnlyList<Weight> Of(WeightKeys layer);
}

/// <summary>
/// The weights of HDF5 models: a group for each layer, whose attribute lists its weights in order. A model inside another has one
/// group for all its layers.
/// </summary>
/// <param name="root">The group of these groups.</param>
internal sealed class LayerGroups(Hdf5Group root) : IKerasWeights
{
    private readonly Dictionary<string, IReadOnlyList<string>> _names = new(StringComparer.Ordinal);

    public IReadOnlyList<Weight> Of(WeightKeys layer)
    {
        if (root.Group(layer.Names[0]) is not { } group)
        {
            return [];
        }

        IReadOnlyList<string> names = NamesOf(layer.Names[0], group);
        IEnumerable<string> own = layer.Names.Count == 1 ? names : OfInner(names, layer.Names);
        return [.. own.Select(name => ToWeight(group.Dataset(name) ?? throw new InvalidDataException($"the weight '{name}' is missing")))];
    }

    /// <summary>A dataset as a weight.</summary>
    public static Weight ToWeight(Hdf5Dataset dataset) => new(dataset.Shape, dataset.Read);

    private IReadOnlyList<string> NamesOf(string name, Hdf5Group group)
    {
        if (!_names.TryGetValue(name, out IReadOnlyList<string>? names))
        {
            _names[name] = names = group.Texts("weight_names");
        }

        return names;
    }

    // Layers of the same name in several models inside are told apart by the models' names, if the file has these.
    private static IEnumerable<string> OfInner(IReadOnlyList<string> names, IReadOnlyList<string> layer)
    {
        string[] own = [.. names.Where(name => name.Split('/') is [.., var inner, _] && inner == layer[^1])];
        string[] models = [.. own.Select(name => name[..(name.LastIndexOf('/') + 1)]).Distinct()];
        return models.Length < 2 ? own
            : models.Where(model => model.Split('/').Contains(layer[^2])).ToArray() is [var one]
                ? own.Where(name => name.StartsWith(one, StringComparison.Ordinal))
            : throw new InvalidDataException($"it is not clear which weights are those of '{layer[^1]}' in '{layer[^2]}'");
    }
}

/// <summary>The weights of <c>.keras</c> files: a group for each layer, named by class and number, with numbered weights.</summary>
/// <param name="root">The root of <c>model.weights.h5</c>.</param>
internal sealed class NumberedGroups(Hdf5Group root) : IKerasWeights
{
    // The second is what Keras 2.12 and 2.13 called it.
    private static readonly string[] s_containers = ["layers", "_layer_checkpoint_dependencies"];

    private readonly Dictionary<(string Path, string Word), string[]> _groups = [];

    public IReadOnlyList<Weight> Of(WeightKeys layer)
    {
        string path = string.Empty;
        foreach (WeightPlace place in layer.Places)
        {
            if (Find(path, place) is not { } next)
            {
                return [];
            }

            path = next;
        }

        Hdf5Group? group = root.Group($"{path}/vars");
        var weights = new List<Weight>();
        while (group?.Dataset($"{weights.Count}") is { } dataset)
        {
            weights.Add(LayerGroups.ToWeight(dataset));
        }

        return weights;
    }

    // Keras 2.12 and 2.13 skip a number after each layer with weights; the order is the same. Where groups without weights are left
    // out, the numbers are those of all layers.
    private string? Find(string path, WeightPlace place)
    {
        if (place.Count == 0)
        {
            return $"{path}/{place.Word}";
        }

        foreach (string container in s_containers.Select(name => path.Length == 0 ? name : $"{path}/{name}"))
        {
            string[] groups = GroupsOf(container, place.Word);
            string own = place.Number == 0 ? place.Word : $"{place.Word}_{place.Number}";
            if (groups.Length > 0)
            {
                return groups.Length == place.Count ? $"{container}/{groups[place.Number]}" : $"{container}/{own}";
            }
        }

        return null;
    }

    private string[] GroupsOf(string container, string word)
    {
        if (!_groups.TryGetValue((container, word), out string[]? groups))
        {
            _groups[(container, word)] = groups = [.. root.NamesIn(container)
                .Where(name => name == word || (name.StartsWith($"{word}_", StringComparison.Ordinal) && NumberOf(name, word) > 0))
                .OrderBy(name => NumberOf(name, word))];
        }

        return groups;
    }

    private static int NumberOf(string name, string word) => name == word ? 0
        : int.TryParse(name.AsSpan(word.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
        : -1;
}
