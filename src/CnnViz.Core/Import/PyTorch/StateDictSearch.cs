namespace CnnViz.Import.PyTorch;

/// <summary>The weights that a checkpoint holds.</summary>
/// <param name="Tensors">The tensors by their keys, in order.</param>
/// <param name="Module">The module that they are in, where the file has it whole.</param>
internal sealed record FoundWeights(IReadOnlyList<(string Key, TorchTensor Tensor)> Tensors, TorchObject? Module = null);

/// <summary>Finds the weights among all that a training program saved.</summary>
internal static class StateDictSearch
{
    // The usual names of a state dict in a checkpoint, the first ones preferred: averaged weights only where there are no others.
    private static readonly string[] s_names =
    [
        "state_dict", "model_state_dict", "model_state", "model", "net", "network", "module", "params", "weights", "backbone",
        "model_ema", "ema_state_dict", "state_dict_ema", "ema", "params_ema",
    ];

    /// <summary>Finds the state dict or module: under a usual name, on top, or else under the only name that has tensors.</summary>
    /// <param name="file">The file, for errors.</param>
    /// <param name="root">What the pickle held.</param>
    /// <param name="objects">What made it, for errors.</param>
    /// <exception cref="ModelFormatException">There is none, or one with strangers in it, or several without a usual name.</exception>
    public static FoundWeights Find(WeightFile file, object? root, TorchObjects objects)
    {
        if (root is TorchObject && WeightsOf(root, objects) is { } module)
        {
            return module;
        }

        if (root is not PickleDict top)
        {
            throw objects.StrangerError() ?? NoTensors(file);
        }

        if (FindNamed(top, objects) is { } named)
        {
            return named;
        }

        if (WeightsOf(top, objects) is { } own)
        {
            return own;
        }

        (string Key, FoundWeights Weights)[] others =
        [
            .. top.Entries.Select(entry => (entry.Key, Weights: WeightsOf(entry.Value, objects)))
                .Where(other => other.Weights is not null).Select(other => (other.Key, other.Weights!)),
        ];
        return others switch
        {
            [var only] => only.Weights,
            [] => throw objects.StrangerError() ?? NoTensors(file),
            _ => throw new ModelFormatException(
                "CheckpointHasSeveral",
                $"'{file.Name}' holds the weights of several networks: "
                + $"{string.Join(", ", others.Take(10).Select(other => WeightFile.Quote(other.Key)))}.",
                "Save one of them alone."),
        };
    }

    // Goes into the usual names only, and into no dictionary twice: a pickle may hold itself.
    private static FoundWeights? FindNamed(PickleDict top, TorchObjects objects)
    {
        var seen = new HashSet<PickleDict>();
        var open = new Stack<object>([top]);
        while (open.TryPop(out object? value))
        {
            if (value is PickleDict known && !seen.Add(known))
            {
                continue;
            }

            if (value != top && WeightsOf(value, objects) is { } weights)
            {
                return weights;
            }

            foreach (string name in Enumerable.Reverse(s_names))
            {
                if (value is PickleDict dictionary && dictionary.TryGet(name, out object? inner))
                {
                    open.Push(inner);
                }
            }
        }

        return null;
    }

    // A stranger among tensors may be a tensor that is not understood, so all of them are refused.
    private static FoundWeights? WeightsOf(object? value, TorchObjects objects)
    {
        if (value is TorchObject module)
        {
            return ModuleTree.TensorsOf(module) is { Count: > 0 } weights ? new(weights, module) : null;
        }

        (string Key, TorchTensor Tensor)[] tensors = value is PickleDict dictionary
            ? [.. dictionary.Entries.Where(entry => entry.Value is TorchTensor).Select(entry => (entry.Key, (TorchTensor)entry.Value!))]
            : [];
        return tensors.Length == 0 ? null
            : TorchObjects.StrangerIn((PickleDict)value!) is { } stranger ? throw objects.Foreign(stranger)
            : new(tensors);
    }

    private static ModelFormatException NoTensors(WeightFile file) => new(
        "CheckpointHasNoTensors",
        $"'{file.Name}' holds no state dict, which is a dictionary of tensors by name.",
        "Save the state_dict: torch.save(model.state_dict(), path).");
}
