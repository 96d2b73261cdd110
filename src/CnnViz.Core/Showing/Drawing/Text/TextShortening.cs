namespace CnnViz.Showing.Drawing.Text;

/// <summary>Shortens the texts of one picture so that different ones stay different: the part in which they differ is kept.</summary>
internal static class TextShortening
{
    private const string Ellipsis = "…";

    // Where a cut leaves most of a name's sense, best first; the number is how many characters all texts of a group begin with.
    private static readonly Func<string, int, Func<string, bool>, string>[] s_cuts =
    [
        (text, _, fits) => Longest(text.Length, kept => Ellipsis + text[^kept..].TrimStart(), fits),
        (text, common, fits) => Middle(Ellipsis + text[common..], fits),
        (text, common, fits) => Longest(text.Length - common, kept => Ellipsis + text[common..(common + kept)] + Ellipsis, fits),
        (text, _, fits) => Longest(text.Length, kept => text[..kept].TrimEnd() + Ellipsis, fits),
    ];

    /// <summary>Shortens texts.</summary>
    /// <param name="style">How they are written.</param>
    /// <param name="texts">The texts, each with the width that there is for it, in pixels.</param>
    /// <returns>A text for each that is no wider; different ones for different texts, wherever a cut does that.</returns>
    public static string[] Shorten(TextStyle style, IReadOnlyList<(string Text, float Width)> texts)
    {
        string[] shown = [.. texts.Select(text => style.Shorten(text.Text, text.Width))];
        foreach (IGrouping<string, int> group in Enumerable.Range(0, shown.Length).GroupBy(i => shown[i]).ToArray())
        {
            int[] members = [.. group];
            string[] different = [.. members.Select(i => texts[i].Text).Distinct(StringComparer.Ordinal)];
            if (different.Length == 1)
            {
                continue;
            }

            int common = CommonBeginning(different);
            HashSet<string> others = [.. shown.Where(text => text != group.Key)];
            foreach (Func<string, int, Func<string, bool>, string> cut in s_cuts)
            {
                string[] cuts = [.. members.Select(i => cut(texts[i].Text, common, text => style.WidthOf(text) <= texts[i].Width))];
                bool differ = members.Zip(cuts).GroupBy(pair => pair.Second).All(same => same.Select(pair => texts[pair.First].Text).Distinct().Count() == 1);
                if (differ && !cuts.Any(others.Contains))
                {
                    Array.ForEach([.. members.Zip(cuts)], pair => shown[pair.First] = pair.Second);
                    break;
                }
            }
        }

        return shown;
    }

    private static string Middle(string text, Func<string, bool> fits) => fits(text) ? text : Longest(
        text.Length - 1, kept => text[..((kept + 1) / 2)].TrimEnd() + Ellipsis + text[^(kept / 2)..].TrimStart(), fits);

    private static string Longest(int most, Func<int, string> withKept, Func<string, bool> fits)
    {
        for (int kept = most; kept > 0; kept--)
        {
            if (withKept(kept) is var text && fits(text))
            {
                return text;
            }
        }

        return string.Empty;
    }

    private static int CommonBeginning(string[] texts)
    {
        int length = texts.Min(text => text.Length);
        int common = 0;
        while (common < length && texts.All(text => text[common] == texts[0][common]))
        {
            common++;
        }

        return common;
    }
}
