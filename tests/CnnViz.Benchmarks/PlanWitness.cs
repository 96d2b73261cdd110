using CnnViz.Plans;

namespace CnnViz.Benchmarks;

/// <summary>Looks after each kill at what a folder of a plan has, and compares it with a folder that nothing has disturbed.</summary>
/// <param name="folder">The folder.</param>
/// <param name="whole">The other one.</param>
internal sealed class PlanWitness(string folder, string whole)
{
    private readonly Dictionary<string, DateTime> _seen = [];

    /// <summary>What is wrong with the pictures: torn, lost or made again since the last look, or made twice by the ledgers.</summary>
    public IEnumerable<string> Look()
    {
        Dictionary<string, DateTime> files = Files(folder, "pictures").ToDictionary(file => file, file => File.GetLastWriteTimeUtc(Path.Combine(folder, file)));
        foreach ((string file, DateTime time) in _seen)
        {
            if (!files.TryGetValue(file, out DateTime now) || now != time)
            {
                yield return $"{file} is {(files.ContainsKey(file) ? "made again" : "lost")}";
            }
        }

        foreach ((string file, DateTime time) in files.Where(file => !_seen.ContainsKey(file.Key)))
        {
            _seen[file] = time;
            if (!IsSame(file))
            {
                yield return $"{file} has other bytes";
            }
        }

        foreach (var picture in PlanLedger.ReadAll(Path.Combine(folder, "ledgers")).GroupBy(result => (result.Layer, result.Filter, result.Seed)))
        {
            if (picture.Count() > 1 || picture.Any(result => result.Error is not null))
            {
                yield return $"{picture.Key} is in the ledgers {picture.Count()} times, {picture.Count(result => result.Error is not null)} times as failed";
            }
        }
    }

    /// <summary>What is different in the end: pictures, table, atlas and sheets.</summary>
    public IEnumerable<string> Compare()
    {
        string[] files = Files(folder, string.Empty);
        foreach (string file in Files(whole, string.Empty).Except(files))
        {
            yield return $"{file} is missing";
        }

        foreach (string file in files.Where(file => !IsSame(file)))
        {
            yield return $"{file} has other bytes, or should not be there";
        }

        if (!Table(folder).SequenceEqual(Table(whole)))
        {
            yield return "results.csv has other results";
        }
    }

    /// <summary>What killed writers have left.</summary>
    public string[] Leftovers() => [.. Directory.EnumerateFiles(folder, "*.part", SearchOption.AllDirectories)];

    // The ledgers and the table have times.
    private static string[] Files(string root, string part) => !Directory.Exists(Path.Combine(root, part))
        ? []
        : [.. Directory.EnumerateFiles(Path.Combine(root, part), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file))
            .Where(file => !file.EndsWith(".part", StringComparison.Ordinal) && !file.EndsWith(".jsonl", StringComparison.Ordinal) && !file.EndsWith(".csv", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    private static IEnumerable<FilterPlanResult> Table(string root) =>
        new PlanReport(PlanFolder.Open(root)).Results().Select(result => result with { Path = null, Seconds = null, Time = null });

    private bool IsSame(string file) => File.Exists(Path.Combine(whole, file))
        && File.ReadAllBytes(Path.Combine(folder, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(whole, file)));
}
