namespace CnnViz.Import.PyTorch;

/// <summary>Makes what the pickles of a checkpoint ask for by name: dictionaries, tensors and their storages. Anything else is a stranger.</summary>
/// <param name="file">The file.</param>
/// <param name="budget">What the pickle may take.</param>
/// <param name="isClass">Whether objects of a class may be made, by its full name; null for none.</param>
internal sealed class TorchObjects(WeightFile file, PickleBudget budget, Func<string, bool>? isClass = null)
{
    private static readonly string[] s_modules = ["__main__.", "__torch__.", "torch.nn.", "torchvision.models.", "models."];

    private readonly List<string> _strangers = [];
    private readonly Dictionary<string, TorchStorage> _storages = new(StringComparer.Ordinal);

    /// <summary>Finds a storage that was asked for.</summary>
    public TorchStorage? FindStorage(string key) => _storages.GetValueOrDefault(key);

    /// <summary>Finds a name.</summary>
    /// <returns>What is known of it; a stranger, of which nothing is ever run, where that is nothing.</returns>
    /// <exception cref="ModelFormatException">A program asks for what it does not have.</exception>
    public TorchGlobal Find(string module, string name)
    {
        string global = $"{module}.{name}";
        if (TorchGlobal.Find(global) is { } known && (known.Kind != TorchGlobalKind.QuantizedTensor || isClass is not null))
        {
            return known;
        }

        if (isClass?.Invoke(global) == true)
        {
            return new TorchGlobal(TorchGlobalKind.Object, Class: global);
        }

        if (isClass is not null)
        {
            throw file.Damaged($"its pickle asks for {WeightFile.Quote(global)}, of which its program knows nothing");
        }

        budget.Spend(8);
        _strangers.Add(global);
        return new TorchGlobal(TorchGlobalKind.Stranger, Class: global);
    }

    /// <summary>The error for a file that has a stranger where its weights should be; null where there is no stranger in it.</summary>
    public ModelFormatException? StrangerError() => _strangers.Count > 0 ? Foreign(_strangers[0]) : null;

    /// <summary>The error for a stranger in what weights are made of.</summary>
    /// <param name="global">Its full name.</param>
    public ModelFormatException Foreign(string global)
    {
        const string advice = "Load it where it was made, if you trust it, and save the state_dict: torch.save(model.state_dict(), path).";
        return s_modules.Any(prefix => global.StartsWith(prefix, StringComparison.Ordinal))
            ? new ModelFormatException(
                "CheckpointIsModule",
                $"'{file.Name}' holds an object of the class {WeightFile.Quote(global)} where weights should be, which only its own code "
                + "could build. CnnViz runs no code of a file; save the state_dict.",
                advice)
            : new ModelFormatException(
                "CheckpointNotOnlyData",
                $"'{file.Name}' asks for {WeightFile.Quote(global)}, which weights do not need. Nothing of it was run.",
                advice);
    }

    /// <summary>Gives an object its state. That of a dictionary, such as the versions of its modules, is nothing that weights need.</summary>
    /// <exception cref="ModelFormatException">The state of a dictionary has a stranger.</exception>
    public void SetState(object? target, object? state)
    {
        switch (target)
        {
            case TorchObject made when isClass is null:
                made.State = state as PickleDict ?? (state is object?[] and [PickleDict attributes, ..] ? attributes : null);
                break;
            case TorchObject made:
                made.State = state;
                break;
            case PickleDict when StrangerIn(state as PickleDict) is { } stranger:
                throw Foreign(stranger);
        }
    }

    /// <summary>The full name of the first stranger among a dictionary's values; null where there is none.</summary>
    public static string? StrangerIn(PickleDict? dictionary) => dictionary?.Entries.Select(entry => entry.Value switch
    {
        TorchGlobal { Kind: TorchGlobalKind.Stranger } global => global.Class,
        TorchObject made => made.Class,
        _ => null,
    }).FirstOrDefault(name => name is not null);

    /// <summary>What a name gives that is called.</summary>
    /// <exception cref="ModelFormatException">It cannot be called so.</exception>
    public object Call(object? callee, object? arguments)
    {
        if (isClass is null && (callee is TorchObject || callee == PickleMachine.Opaque))
        {
            return callee;
        }

        if (callee is not TorchGlobal global || arguments is not object?[] given)
        {
            throw file.Damaged("its pickle calls what cannot be called");
        }

        return (global.Kind, given) switch
        {
            (TorchGlobalKind.Opaque, _) => PickleMachine.Opaque,
            (TorchGlobalKind.Stranger, _) => NewObject(global.Class),
            (TorchGlobalKind.Relay, [TorchGlobal { Kind: not TorchGlobalKind.Relay } inner, _, object?[] values, ..]) => Call(inner, values),
            (TorchGlobalKind.Dictionary, []) => NewDictionary(),
            (TorchGlobalKind.Object, []) => NewObject(global.Class),
            // Python 2 gives a list of pairs.
            (TorchGlobalKind.Dictionary, [IReadOnlyList<object?> pairs]) => NewDictionary(pairs),
            (TorchGlobalKind.Tensor, [TorchStorage storage, long offset, object?[] sizes, object?[] strides, ..]) =>
                Tensor(storage, offset, sizes, strides),
            (TorchGlobalKind.QuantizedTensor, [TorchStorage storage, long offset, object?[] sizes, object?[] strides, object?[] code, ..]) =>
                new QuantizedTensor(Tensor(storage, offset, sizes, strides), code),
            (TorchGlobalKind.Parameter, [TorchTensor tensor, ..]) => tensor,
            (TorchGlobalKind.List, [List<object?> list, ..]) => list,
            (TorchGlobalKind.List, [PickleDict dictionary, ..]) => dictionary,
            _ => throw file.Damaged("its pickle builds a tensor or dictionary of what makes none"),
        };
    }

    /// <summary>
    /// What a persistent id names: a storage, by a tuple of a word, type, key, device, count and possibly a view; or a class with its
    /// source, as older versions wrote modules.
    /// </summary>
    /// <exception cref="ModelFormatException">It is something else, or contradicts what was said of the key before.</exception>
    public object Named(object? id)
    {
        switch (id)
        {
            case object?[] and ["module", TorchGlobal module, ..]:
                return module;
            case object?[] and ["storage", TorchGlobal { Kind: TorchGlobalKind.Stranger } stranger, ..]:
                throw Foreign(stranger.Class);
            case object?[] and ["storage", TorchObject stranger, ..]:
                throw Foreign(stranger.Class);
            case object?[] and ["storage", TorchGlobal { Kind: TorchGlobalKind.Storage } type, string key, _, long count, .. var view]:
                return Storage(type, key, count, view);
            default:
                throw file.Damaged("its pickle refers to a storage in a way that PyTorch does not");
        }
    }

    private TorchStorage Storage(TorchGlobal type, string key, long count, object?[] view)
    {
        if (view is not [] and not [null])
        {
            throw file.Unsupported("one of its storages is a part of another, as PyTorch 0.3 wrote them");
        }

        if (!_storages.TryGetValue(key, out TorchStorage? storage))
        {
            budget.Spend(20);
            _storages.Add(key, storage = new TorchStorage(key, type.Type, count));
        }

        return storage.Type == type.Type && storage.Count == count
            ? storage
            : throw file.Damaged($"its pickle says two things of the storage {WeightFile.Quote(key)}");
    }

    /// <summary>An empty dictionary.</summary>
    public PickleDict NewDictionary()
    {
        budget.Spend(20);
        return new PickleDict();
    }

    /// <summary>Sets keys and values, which alternate.</summary>
    public void Fill(PickleDict dictionary, ReadOnlySpan<object?> pairs)
    {
        for (int i = 0; i < pairs.Length; i += 2)
        {
            budget.Spend(12);
            dictionary.Set(pairs[i], pairs[i + 1]);
        }
    }

    private TorchObject NewObject(string className)
    {
        budget.Spend(20);
        return new TorchObject(className);
    }

    private PickleDict NewDictionary(IReadOnlyList<object?> pairs)
    {
        PickleDict dictionary = NewDictionary();
        foreach (object? pair in pairs)
        {
            Fill(dictionary, pair is IReadOnlyList<object?> and [var key, var value]
                ? [key, value]
                : throw file.Damaged("its pickle makes a dictionary of what are no pairs"));
        }

        return dictionary;
    }

    private TorchTensor Tensor(TorchStorage storage, long offset, object?[] sizes, object?[] strides)
    {
        budget.Spend(12 + sizes.Length + strides.Length);
        return Numbers(sizes) is { } shape && Numbers(strides) is { } steps
            && TorchTensor.TryMake(storage, offset, shape, steps) is { } tensor
            ? tensor
            : throw file.Damaged($"a tensor does not fit its storage of {storage.Count} values, or is larger than 2 GB");
    }

    private static long[]? Numbers(object?[] values) =>
        values.All(value => value is long) ? [.. values.Select(value => (long)value!)] : null;
}
