using System.Globalization;

namespace CnnViz.Showing.Plots;

/// <summary>Names that tell curves apart.</summary>
internal static class CurveNames
{
    /// <summary>
    /// The objective of each curve; with the model, where there are several, with the seed, where an objective comes more than once, and
    /// with a number, where even that is the same.
    /// </summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<AscentCurve> curves)
    {
        bool oneModel = curves.Select(curve => curve.Model).Distinct().Count() <= 1;
        string[] names = [.. curves.Select(curve => oneModel ? curve.Objective : $"{curve.Model} {curve.Objective}")];
        names = Refine(names, i => string.Create(CultureInfo.InvariantCulture, $", seed {curves[i].Seed}"));
        var seen = new Dictionary<string, int>();
        return Refine(names, i =>
        {
            int number = seen[names[i]] = seen.GetValueOrDefault(names[i]) + 1;
            return string.Create(CultureInfo.InvariantCulture, $" ({number})");
        });
    }

    private static string[] Refine(string[] names, Func<int, string> more)
    {
        HashSet<string> repeated = [.. names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key)];
        return [.. names.Select((name, i) => repeated.Contains(name) ? name + more(i) : name)];
    }
}
