namespace CnnViz.Import.PyTorch;

/// <summary>A module of PyTorch as its pickle has it: submodules, parameters, buffers and attributes. Nothing of its class is run.</summary>
internal static class ModuleTree
{
    // A tree of modules is not deep, and a pickle may hold itself.
    private const int Deepest = 64;
    private const int MostTensors = 1 << 16;
    private const int MostModules = 1 << 13;

    /// <summary>The submodules in order; empty where it has none.</summary>
    public static IEnumerable<(string Name, TorchObject Module)> ChildrenOf(TorchObject module) => EntriesOf(module, "_modules")
        .Where(entry => entry.Value is TorchObject).Select(entry => (entry.Key, (TorchObject)entry.Value!));

    /// <summary>Whether a module has no more below it than a network has, however often it uses one of them.</summary>
    public static bool IsOfUsualSize(TorchObject module)
    {
        var open = new Stack<(TorchObject Module, int Depth)>([(module, 0)]);
        int count = 0;
        while (open.TryPop(out (TorchObject Module, int Depth) part))
        {
            if (++count > MostModules || part.Depth > Deepest)
            {
                return false;
            }

            foreach ((_, TorchObject child) in ChildrenOf(part.Module))
            {
                open.Push((child, part.Depth + 1));
            }
        }

        return true;
    }

    /// <summary>The tensors of a module and all below it, by the keys of its state dict; none where the tree is no usual one.</summary>
    public static IReadOnlyList<(string Key, TorchTensor Tensor)> TensorsOf(TorchObject module) => IsOfUsualSize(module)
        ? [.. Collect(module, string.Empty).Take(MostTensors).DistinctBy(tensor => tensor.Key)]
        : [];

    private static IEnumerable<(string Key, TorchTensor Tensor)> Collect(TorchObject module, string prefix) =>
    [
        .. EntriesOf(module, "_parameters").Concat(EntriesOf(module, "_buffers"))
            .Where(entry => entry.Value is TorchTensor)
            .Select(entry => (prefix + entry.Key, (TorchTensor)entry.Value!)),
        .. ChildrenOf(module).SelectMany(child => Collect(child.Module, $"{prefix}{child.Name}.")),
    ];

    private static IEnumerable<(string Key, object? Value)> EntriesOf(TorchObject module, string part) =>
        module.State is PickleDict state && state.TryGet(part, out PickleDict? entries) ? entries.Entries : [];
}
