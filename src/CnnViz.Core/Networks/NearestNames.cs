namespace CnnViz.Networks;

/// <summary>Finds the names that a mistyped one may have meant.</summary>
internal static class NearestNames
{
    /// <summary>A sentence with up to three names near the given one, or an empty string.</summary>
    public static string Hint(string name, IEnumerable<string> known)
    {
        string[] nearest =
        [
            .. known
                .Select(candidate => (candidate, Distance: Distance(name, candidate)))
                .Where(pair => pair.Distance <= Math.Max(2, Math.Max(name.Length, pair.candidate.Length) / 2))
                .OrderBy(pair => pair.Distance)
                .Take(3)
                .Select(pair => $"'{pair.candidate}'"),
        ];
        return nearest.Length == 0 ? string.Empty : $" Nearest: {string.Join(", ", nearest)}.";
    }

    // Levenshtein's distance, without regard to case; a row at a time.
    private static int Distance(string a, string b)
    {
        int[] previous = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                bool same = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]);
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (same ? 0 : 1));
            }

            previous = current;
        }

        return previous[b.Length];
    }
}
