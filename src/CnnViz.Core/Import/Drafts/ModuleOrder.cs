namespace CnnViz.Import.Drafts;

/// <summary>
/// The order in which modules probably run. That of the file is the order in which their class makes them; many classes make all
/// convolutions first and their normalizations then, and safetensors sorts keys.
/// </summary>
internal static class ModuleOrder
{
    /// <summary>Puts modules in order.</summary>
    public static IReadOnlyList<WeightModule> Of(IReadOnlyList<WeightModule> modules) => Pair(IsSorted(modules) ? SortNaturally(modules) : modules);

    // Sorted as text: features.10 comes before features.2, and that is no order of making.
    private static bool IsSorted(IReadOnlyList<WeightModule> modules) =>
        modules.Count > 2 && modules.Zip(modules.Skip(1)).All(pair => string.CompareOrdinal(pair.First.Name, pair.Second.Name) < 0);

    // Numbers by their value; parts without convolutions, which are classifiers, last.
    private static WeightModule[] SortNaturally(IReadOnlyList<WeightModule> modules)
    {
        HashSet<string> convolving =
            [.. modules.Where(module => module.Kind == WeightKind.Conv2d).Select(module => Root(module.Name))];
        return
        [
            .. modules
                .OrderBy(module => !convolving.Contains(Root(module.Name)) && module.Kind is WeightKind.Linear)
                .ThenBy(module => module.Name, Comparer<string>.Create(CompareNaturally)),
        ];
    }

    // A normalization or activation whose number is that of a convolution or dense layer stands behind it.
    private static List<WeightModule> Pair(IReadOnlyList<WeightModule> modules)
    {
        List<WeightModule> ordered = [.. modules];
        foreach (WeightModule follower in modules.Where(IsFollower))
        {
            if (ModuleNames.Number(follower.Name) is not { } number)
            {
                continue;
            }

            WeightModule[] owners =
            [
                .. modules.Where(module => Fits(module, follower) && ModuleNames.Number(module.Name) == number
                    && Parent(module.Name) == Parent(follower.Name)),
            ];
            WeightModule? before = ordered.Take(ordered.IndexOf(follower)).LastOrDefault(module => !IsFollower(module));
            if (owners is [var owner] && owner != before)
            {
                ordered.Remove(follower);
                int after = ordered.IndexOf(owner) + 1;
                while (after < ordered.Count && IsFollower(ordered[after]) && ModuleNames.Number(ordered[after].Name) == number)
                {
                    after++;
                }

                ordered.Insert(after, follower);
            }
        }

        return ordered;
    }

    private static bool IsFollower(WeightModule module) => module.Kind is WeightKind.BatchNorm or WeightKind.Norm or WeightKind.PReLU;

    private static bool Fits(WeightModule owner, WeightModule follower) =>
        owner.Kind is WeightKind.Conv2d or WeightKind.Linear && (owner.Outputs == follower.Outputs || follower.Outputs == 1);

    private static string Root(string name) => name.Contains('.', StringComparison.Ordinal) ? name[..name.IndexOf('.', StringComparison.Ordinal)] : name;

    private static string Parent(string name) => name[..(name.LastIndexOf('.') + 1)];

    private static int CompareNaturally(string? first, string? second)
    {
        (string[] a, string[] b) = (first!.Split('.'), second!.Split('.'));
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            int order = long.TryParse(a[i], out long x) && long.TryParse(b[i], out long y) ? x.CompareTo(y) : string.CompareOrdinal(a[i], b[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return a.Length.CompareTo(b.Length);
    }
}
