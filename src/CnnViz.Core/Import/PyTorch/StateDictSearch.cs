namespace CnnViz.Import.PyTorch;

/// <summary>Finds the weights among all that a training program saved.</summary>
internal static class StateDictSearch
{
    // The usual names of a state dict in a checkpoint, the first ones preferred: averaged weights only where there are no others.
    private static readonly string[] s_names =
    [
        "state_dict", "model_state_dict", "model_state", "model", "net", "network", "module", "params", "weights", "backbone",
        "model_ema", "ema_state_dict", "state_dict_ema", "ema", "params_ema",
    ];

    /// <summary>Finds the state dict: under a usual name, on top, or else under the only name that has tensors.</summary>
    /// <param name="file">The file, for errors.</param>
    /// <param name="root">What the pickle held.</param>
    /// <exception cref="ModelFormatException">There is none, or several without a usual name.</exception>
    public static IReadOnlyList<(string Key, TorchTensor Tensor)> Find(WeightFile file, object? root)
    {
        if (root is not PickleDict top)
        {
            throw NoTensors(file);
        }

        if (FindNamed(top) is { } named)
        {
            return named;
        }

        if (TensorsOf(top) is { Count: > 0 } own)
        {
            return own;
        }

        (string Key, List<(string, TorchTensor)> Tensors)[] others =
        [
            .. top.Entries.Select(entry => (entry.Key, entry.Value is PickleDict inner ? TensorsOf(inner) : []))
                .Where(other => other.Item2.Count > 0),
        ];
        return others switch
        {
            [var only] => only.Tensors,
            [] => throw NoTensors(file),
            _ => throw new ModelFormatException(
                "CheckpointHasSeveral",
                $"'{file.Name}' holds the weights of several networks: "
                + $"{string.Join(", ", others.Take(10).Select(other => WeightFile.Quote(other.Key)))}.",
                "Save one of them alone."),
        };
    }

    // Goes into the usual names only, and into no dictionary twice: a pickle may hold itself.
    private static List<(string, TorchTensor)>? FindNamed(PickleDict top)
    {
        var seen = new HashSet<PickleDict>();
        var open = new Stack<PickleDict>([top]);
        while (open.TryPop(out PickleDict? dictionary))
        {
            if (!seen.Add(dictionary))
            {
                continue;
            }

            if (dictionary != top && TensorsOf(dictionary) is { Count: > 0 } tensors)
            {
                return tensors;
            }

            foreach (string name in Enumerable.Reverse(s_names))
            {
                if (dictionary.TryGet(name, out PickleDict? inner))
                {
                    open.Push(inner);
                }
            }
        }

        return null;
    }

    private static List<(string Key, TorchTensor Tensor)> TensorsOf(PickleDict dictionary) =>
        [.. dictionary.Entries.Where(entry => entry.Value is TorchTensor).Select(entry => (entry.Key, (TorchTensor)entry.Value!))];

    private static ModelFormatException NoTensors(WeightFile file) => new(
        "CheckpointHasNoTensors",
        $"'{file.Name}' holds no state dict, which is a dictionary of tensors by name.",
        "Save the state_dict: torch.save(model.state_dict(), path).");
}
