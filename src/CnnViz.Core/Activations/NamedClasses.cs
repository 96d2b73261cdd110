using System.Text.RegularExpressions;
using CnnViz.Networks;

namespace CnnViz.Activations;

/// <summary>Knows the classes of photos whose files or folders are called after them, such as <c>tench/0012.jpg</c> or <c>n01440764_tench.jpg</c>.</summary>
internal sealed partial class NamedClasses
{
    private readonly Dictionary<string, int[]> _byName;

    /// <summary>Reads the names.</summary>
    /// <param name="units">The classes.</param>
    public NamedClasses(IEnumerable<CnnFilter> units) => _byName = units
        .Where(unit => unit.ClassName is not null)
        .SelectMany(unit => CnnClasses.NamesOf(unit).Select(name => (Name: Plain(name), unit.Index)).Distinct())
        .GroupBy(pair => pair.Name, pair => pair.Index)
        .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The classes that a photo's file or else its folder is called after, by number: several where they share the name.</summary>
    /// <param name="path">Full path of the photo.</param>
    public IReadOnlyList<int> Of(string path) =>
        Find(Path.GetFileNameWithoutExtension(path)) ?? Find(Path.GetFileName(Path.GetDirectoryName(path)) ?? string.Empty) ?? [];

    private int[]? Find(string name)
    {
        string bare = WordNetId().Replace(name, string.Empty);
        return _byName.GetValueOrDefault(Plain(bare)) ?? _byName.GetValueOrDefault(Plain(Count().Replace(bare, string.Empty)));
    }

    // What stands between words does not count, nor do apostrophes.
    private static string Plain(string name) => Separators().Replace(name.Replace("'", string.Empty), " ").Trim();

    [GeneratedRegex(@"^n\d{8}[_ -]+")]
    private static partial Regex WordNetId();

    // The number of a photo in a series: tench_0012, tench-2, tench (3).
    [GeneratedRegex(@"[_ -]*\(?\d+\)?$")]
    private static partial Regex Count();

    [GeneratedRegex(@"[\s_-]+")]
    private static partial Regex Separators();
}
