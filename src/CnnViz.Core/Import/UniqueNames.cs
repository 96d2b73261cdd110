namespace CnnViz.Import;

/// <summary>Names of which no two are alike: one that is taken gets the first number that is free.</summary>
/// <param name="first">The number to begin with.</param>
internal sealed class UniqueNames(int first)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    // Where to go on looking: a file may have a name ten thousand times.
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);

    /// <summary>Whether a name is taken.</summary>
    public bool Contains(string name) => _taken.Contains(name);

    /// <summary>Takes a name, or one like it.</summary>
    /// <returns>The name, or <c>name_2</c> and so on.</returns>
    public string Add(string name)
    {
        string unique = name;
        while (!_taken.Add(unique))
        {
            int number = _next.GetValueOrDefault(name, first);
            _next[name] = number + 1;
            unique = $"{name}_{number}";
        }

        return unique;
    }

    /// <summary>Gives a name back.</summary>
    public void Remove(string name)
    {
        _taken.Remove(name);
        _next.Clear();
    }
}
