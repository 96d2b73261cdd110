namespace CnnViz.Import.Networks;

/// <summary>Notes which calls of modules the nodes of a network are made by.</summary>
internal sealed class ModuleCalls
{
    private readonly NetworkBuilder _net;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <param name="net">The network, which has its image only.</param>
    public ModuleCalls(NetworkBuilder net)
    {
        _net = net;
        net.Modules = [];
    }

    /// <summary>Makes the nodes of a call.</summary>
    /// <param name="module">The module's name; a number is appended from the second call on.</param>
    /// <param name="call">Makes them.</param>
    /// <param name="isWhole">Whether what the call gives is known, and one value.</param>
    public T Make<T>(string module, Func<T> call, Func<T, bool> isWhole)
    {
        string name = module;
        for (int i = 1; !_names.Add(name); i++)
        {
            name = $"{module}_{i}";
        }

        IReadOnlyList<string> outer = _net.Modules!;
        int first = _net.Count;
        _net.Modules = [.. outer, name];
        bool whole = false;
        try
        {
            T result = call();
            whole = isWhole(result);
            return result;
        }
        finally
        {
            _net.Modules = outer;
            if (!whole)
            {
                _net.LeaveOut(name, first);
            }
        }
    }
}
