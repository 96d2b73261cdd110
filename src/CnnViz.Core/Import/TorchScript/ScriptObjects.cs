using CnnViz.Import.PyTorch;

namespace CnnViz.Import.TorchScript;

/// <summary>
/// Holds the modules in an archive's pickle against their classes, so that libtorch, which ends the process where they contradict each
/// other, sees no file in which they do.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="archive">Its classes.</param>
/// <param name="find">Finds the bytes of a storage; throws where there are none.</param>
internal sealed class ScriptObjects(WeightFile file, ScriptArchive archive, Func<TorchStorage, IStoredBytes> find)
{
    private const int DeepestNesting = 64;

    /// <summary>Checks a module and all that is within it.</summary>
    /// <exception cref="ModelFormatException">It is not what its class says.</exception>
    public void Check(object? root) => Check(root as TorchObject, [], 0);

    private void Check(TorchObject? module, HashSet<TorchObject> seen, int depth)
    {
        if (module?.State is not { } state || archive.FindClass(module.Class) is not { } type || depth > DeepestNesting)
        {
            throw file.Damaged("its pickle holds no module");
        }

        if (!seen.Add(module))
        {
            return;
        }

        Dictionary<string, object?> attributes = state.Entries.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        foreach ((string name, string declared) in type.Attributes.Where(pair => !pair.Value.StartsWith("Final[", StringComparison.Ordinal)))
        {
            if (!name.StartsWith("__", StringComparison.Ordinal) && !attributes.ContainsKey(name))
            {
                throw file.Damaged($"a module of {type.Name} has no {WeightFile.Quote(name)}");
            }
        }

        foreach ((string name, object? value) in attributes)
        {
            if (!type.Attributes.TryGetValue(name, out string? declared) || !Fits(value, declared))
            {
                throw file.Damaged($"a module of {type.Name} has {WeightFile.Quote(name)}, which is not what its class says");
            }

            if (value is TorchObject inner)
            {
                Check(inner, seen, depth + 1);
            }
            else if (value is TorchTensor { Storage: var storage }
                && find(storage).Length / TensorBytes.SizeOf(storage.Type) != storage.Count)
            {
                throw file.Damaged($"the storage of {WeightFile.Quote(name)} has not as many values as its pickle says");
            }
        }
    }

    private static bool Fits(object? value, string declared) => value switch
    {
        null => declared == "NoneType" || declared.StartsWith("Optional[", StringComparison.Ordinal),
        TorchObject module => declared == module.Class,
        TorchTensor => declared is "Tensor" or "Optional[Tensor]",
        bool => declared is "bool" or "Optional[bool]",
        long => declared is "int" or "Optional[int]",
        double => declared is "float" or "Optional[float]",
        string => declared is "str" or "Optional[str]",
        _ => declared.StartsWith("List[", StringComparison.Ordinal) || declared.StartsWith("Tuple[", StringComparison.Ordinal)
            || declared.StartsWith("Dict[", StringComparison.Ordinal),
    };
}
