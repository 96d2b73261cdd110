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
        IEnumerable<string> own = layer.Names.Count == 1 ? names : names.Where(name => LayerOf(name) == layer.Names[^1]);
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

    // block1_conv1 of vgg16/block1_conv1/kernel:0.
    private static string LayerOf(string weight) => weight.Split('/') is [.., var layer, _] ? layer : weight;
}

/// <summary>The weights of <c>.keras</c> files: a group for each layer, in the order of the layers, with numbered weights.</summary>
/// <param name="root">The root of <c>model.weights.h5</c>.</param>
internal sealed class NumberedGroups(Hdf5Group root) : IKerasWeights
{
    private const string Layers = "layers/";

    // What Keras 2.12 called it.
    private const string OldLayers = "_layer_checkpoint_dependencies/";

    public IReadOnlyList<Weight> Of(WeightKeys layer)
    {
        string oldPath = layer.Path.Replace(Layers, OldLayers, StringComparison.Ordinal);
        Hdf5Group? group = root.Group($"{layer.Path}/vars") ?? root.Group($"{oldPath}/vars");
        var weights = new List<Weight>();
        while (group?.Dataset($"{weights.Count}") is { } dataset)
        {
            weights.Add(LayerGroups.ToWeight(dataset));
        }

        return weights;
    }
}
