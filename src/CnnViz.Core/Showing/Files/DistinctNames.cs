using System.Globalization;

namespace CnnViz.Showing.Files;

/// <summary>
/// Keeps the files of one run apart. The first of a name gets it; another one that would have the same name gets, at its end, what it differs
/// in from the first, and a number where that is nothing that names are made of. Upper and lower case are no difference.
/// </summary>
internal sealed class DistinctNames
{
    // What a name can be made of, and how it is written at the end of one.
    private static readonly (string Name, string Format)[] s_parts =
    [
        ("Model", "{0}"), ("Layer", "{0}"), ("Filter", "{0:0000}"), ("Objective", "{0}"), ("Rank", "{0:00}"), ("Image", "{0}"), ("Method", "{0}"), ("Recipe", "{0}"),
        ("Size", "{0}"), ("Seed", "seed{0}"),
    ];

    private readonly Dictionary<string, IReadOnlyDictionary<string, object>> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes a name.</summary>
    /// <param name="path">Full path of the file that is to come.</param>
    /// <param name="names">What is known of what is in it, by the names of placeholders.</param>
    /// <returns>A path that no other file of this run has.</returns>
    public string Take(string path, IReadOnlyDictionary<string, object> names)
    {
        if (_taken.TryAdd(path, names))
        {
            return path;
        }

        string extension = Path.GetExtension(path);
        string plain = path[..^extension.Length];
        string stem = string.Join('_', Differences(_taken[path], names).Prepend(plain));
        string distinct = stem + extension;
        for (int number = 2; !_taken.TryAdd(distinct, names); number++)
        {
            distinct = $"{stem}_{number}{extension}";
        }

        return distinct;
    }

    private static IEnumerable<string> Differences(IReadOnlyDictionary<string, object> first, IReadOnlyDictionary<string, object> names)
    {
        bool isOfOtherFilter = false;
        foreach ((string name, string format) in s_parts)
        {
            // An objective is known by its layer and filter, if it is one.
            if ((name == "Objective" && isOfOtherFilter) || !names.TryGetValue(name, out object? value) || value is ""
                || (first.TryGetValue(name, out object? other) && other.Equals(value)))
            {
                continue;
            }

            isOfOtherFilter |= name is "Layer" or "Filter";
            yield return PortableName.Of(string.Format(CultureInfo.InvariantCulture, format, value));
        }
    }
}
