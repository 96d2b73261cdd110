namespace CnnViz.Import.Networks;

/// <summary>Modules within modules, as the name of what is within them tells.</summary>
internal static class ModuleNesting
{
    // More than any author nests, and few enough for the names of damaged files.
    private const int MostLevels = 32;
    private const int LongestName = 1000;

    /// <summary>The modules around what has a name, from the outermost in: of <c>layer1.0.conv1</c>, layer1 and layer1.0.</summary>
    /// <param name="name">The name.</param>
    /// <param name="separator">What stands between a module and what is within it.</param>
    public static IReadOnlyList<string> Around(string name, char separator)
    {
        var modules = new List<string>();
        for (int end = name.IndexOf(separator);
            end >= 0 && end < LongestName && modules.Count < MostLevels;
            end = name.IndexOf(separator, end + 1))
        {
            if (end > 0)
            {
                modules.Add(name[..end]);
            }
        }

        return modules;
    }
}
