using System.Globalization;

namespace CnnViz.Plans;

/// <summary>Numbers of filters as a short text: <c>0-63,70,80-95</c>.</summary>
internal static class FilterRanges
{
    /// <summary>The text.</summary>
    /// <param name="filters">Numbers in ascending order, each once.</param>
    public static string Write(IReadOnlyList<int> filters)
    {
        var ranges = new List<string>();
        for (int first = 0, last; first < filters.Count; first = last + 1)
        {
            last = first;
            while (last + 1 < filters.Count && filters[last + 1] == filters[last] + 1)
            {
                last++;
            }

            ranges.Add(last == first ? Text(filters[first]) : $"{Text(filters[first])}-{Text(filters[last])}");
        }

        return string.Join(',', ranges);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limit">No number may be as large.</param>
    /// <returns>The numbers; null where it is no such text, or its numbers do not ascend.</returns>
    public static IReadOnlyList<int>? TryRead(string text, int limit)
    {
        var filters = new List<int>();
        foreach (string range in text.Split(','))
        {
            string[] ends = range.Split('-');
            if (ends.Length > 2 || Number(ends[0]) is not { } first || Number(ends[^1]) is not { } last
                || last < first || last >= limit || (filters.Count > 0 && first <= filters[^1]))
            {
                return null;
            }

            filters.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return filters;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
