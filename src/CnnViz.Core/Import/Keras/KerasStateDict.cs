using CnnViz.Import.Networks;
using TorchSharp;

namespace CnnViz.Import.Keras;

/// <summary>
/// The weights of an HDF5 file without a network as a state dict: PyTorch's names of tensors (<c>conv2d_1.weight</c>, <c>.bias</c>,
/// <c>.running_mean</c>) and PyTorch's order of dimensions.
/// </summary>
internal static class KerasStateDict
{
    // What Keras calls a tensor, its first version in capitals. The running_std of that version is a variance.
    private static readonly Dictionary<string, string> s_parts = new(StringComparer.Ordinal)
    {
        ["kernel"] = "weight",
        ["W"] = "weight",
        ["depthwise_kernel"] = "weight",
        ["gamma"] = "weight",
        ["alpha"] = "weight",
        ["bias"] = "bias",
        ["b"] = "bias",
        ["beta"] = "bias",
        ["moving_mean"] = "running_mean",
        ["running_mean"] = "running_mean",
        ["moving_variance"] = "running_var",
        ["running_std"] = "running_var",
        ["recurrent_kernel"] = "recurrent_kernel",
        ["U"] = "recurrent_kernel",
    };

    /// <summary>Reads the names and shapes of a file; no tensor is read.</summary>
    /// <param name="root">The root of the file.</param>
    public static StateDict Of(Hdf5Group root)
    {
        IReadOnlyList<string> layers = root.Texts("layer_names");
        StoredWeight[] stored = layers.Count > 0 ? [.. layers.SelectMany(layer => OfLayer(root, layer))] : [.. KerasNumberedWeights.Of(root)];
        IEnumerable<string> names = layers.Count > 0 ? WithWeightless(layers, stored) : KerasNumberedWeights.LayerNames(root);

        // Before the second version, kernels of N×C×H×W images were stored as PyTorch has them.
        bool isChannelsFirst = stored.Any(weight => weight is { Part: "W", Data.Shape: [_, _, var height, var width] } && height == width)
            && stored.All(weight => weight is not { Part: "W", Data.Shape.Count: 4 } || weight.Data.Shape[2] == weight.Data.Shape[3]);
        string? backend = root.Text("backend");
        var tensors = new Dictionary<string, StateTensor>(StringComparer.Ordinal);
        foreach (StoredWeight weight in stored)
        {
            bool isSeparable = stored.Any(other => other.Layer == weight.Layer && other.Part == "pointwise_kernel");
            StateTensor tensor = ToTensor(weight, isSeparable, isChannelsFirst, flips: backend == "theano");
            tensors.TryAdd(tensor.Name, tensor);
        }

        return new StateDict([.. tensors.Values], "Keras")
        {
            IsKeras = true,
            IsChannelsLast = !isChannelsFirst,
            Remark = isChannelsFirst && backend is null
                ? "The file does not say whether its kernels are Theano's, which would be turned around; they are taken as they stand."
                : null,
            LayerNames = [.. names.SelectMany(name => tensors.ContainsKey($"{name}.depthwise.weight")
                ? new[] { $"{name}.depthwise", $"{name}.pointwise" }
                : [name])],
        };
    }

    // block1_conv1/kernel:0, perhaps with models around it, or conv1_W.
    private static IEnumerable<StoredWeight> OfLayer(Hdf5Group root, string layer)
    {
        foreach (string name in root.Group(layer)?.Texts("weight_names") ?? [])
        {
            if (root.Group(layer)!.Dataset(name) is not { } data)
            {
                throw new InvalidDataException($"the weight '{name}' is missing");
            }

            string plain = name.Split(':')[0];
            int slash = plain.LastIndexOf('/');
            string last = plain[(slash + 1)..];
            string part = s_parts.Keys.Append("pointwise_kernel").Where(known => last == known || last.EndsWith($"_{known}", StringComparison.Ordinal))
                .OrderByDescending(known => known.Length).FirstOrDefault() ?? last;
            string owner = part.Length < last.Length ? last[..^(part.Length + 1)] : slash > 0 ? plain[..slash].Split('/')[^1] : layer;
            yield return new StoredWeight(layer, owner, part, data);
        }
    }

    // A layer that is a model has others inside, which have the weights.
    private static IEnumerable<string> WithWeightless(IReadOnlyList<string> layers, StoredWeight[] stored) => layers.SelectMany(layer =>
        stored.Where(weight => weight.Group == layer).Select(weight => weight.Layer).Distinct(StringComparer.Ordinal).DefaultIfEmpty(layer));

    private static StateTensor ToTensor(StoredWeight weight, bool isSeparable, bool isChannelsFirst, bool flips)
    {
        Weight data = LayerGroups.ToWeight(weight.Data);
        bool isDepthwise = weight.Part == "depthwise_kernel" || (weight.Part == "kernel" && weight.Layer.Contains("depthwise", StringComparison.Ordinal));
        Weight ordered = (weight.Part, data.Shape.Count) switch
        {
            (_, 4) when isDepthwise => data.ToDepthwise(),
            ("kernel" or "pointwise_kernel", 4) => data.Permute(3, 2, 0, 1),
            ("W", 4) when !isChannelsFirst => data.Permute(3, 2, 0, 1),
            ("kernel" or "W", 2) => data.Permute(1, 0),
            ("alpha", > 1) when data.Shape.SkipLast(1).All(size => size == 1) => data.Reshape(data.Shape[^1]),
            _ => data,
        };
        ordered = flips && ordered.Shape.Count == 4 ? ordered.Map(values => values.flip(2, 3)) : ordered;
        string name = (isSeparable, weight.Part) switch
        {
            (true, "depthwise_kernel") => $"{weight.Layer}.depthwise.weight",
            (true, "pointwise_kernel") => $"{weight.Layer}.pointwise.weight",
            (true, "bias") => $"{weight.Layer}.pointwise.bias",
            _ => $"{weight.Layer}.{s_parts.GetValueOrDefault(weight.Part, weight.Part)}",
        };
        return new StateTensor(name, torch.ScalarType.Float32, ordered.Shape, ordered.Read);
    }
}
