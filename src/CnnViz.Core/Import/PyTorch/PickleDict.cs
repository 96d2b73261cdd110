using System.Diagnostics.CodeAnalysis;

namespace CnnViz.Import.PyTorch;

/// <summary>A dictionary of a pickle, in its order. Only what has text for a key is kept: state dicts have no other keys.</summary>
internal sealed class PickleDict
{
    private readonly List<string> _keys = [];
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    /// <summary>The entries, in the order in which their keys came.</summary>
    public IEnumerable<(string Key, object? Value)> Entries => _keys.Select(key => (key, _values[key]));

    /// <summary>Finds a value.</summary>
    public bool TryGet<T>(string key, [NotNullWhen(true)] out T? value)
        where T : class
    {
        value = _values.GetValueOrDefault(key) as T;
        return value is not null;
    }

    /// <summary>Sets a value; a key that is there keeps its place.</summary>
    public void Set(object? key, object? value)
    {
        if (key is not string text)
        {
            return;
        }

        if (!_values.ContainsKey(text))
        {
            _keys.Add(text);
        }

        _values[text] = value;
    }
}
