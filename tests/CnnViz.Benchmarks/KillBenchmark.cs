using System.Diagnostics;
using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Pictures;
using CnnViz.Plans;

namespace CnnViz.Benchmarks;

/// <summary>
/// Processes that make shares of a plan and merge them are killed at random moments, many times; what is there in the end must be what an
/// undisturbed run makes, to the byte. After some kills a folder is finished and compared, and a new one begun.
/// </summary>
internal static class KillBenchmark
{
    private const int KillsPerFolder = 10;
    private const int FiltersPerLayer = 6;
    private const int MostShares = 4;

    // Several processes at once take longer than one.
    private const double Longer = 1.5;

    /// <summary>Kills, and prints what came of it.</summary>
    /// <param name="folder">Where the folders are; it must not exist.</param>
    /// <param name="kills">How many processes are killed.</param>
    /// <returns>Whether all is as it should be.</returns>
    public static bool Run(string folder, int kills)
    {
        string root = RepositoryFolder.Find();
        string manifest = Path.Combine(root, "CnnViz.psd1");
        if (Directory.Exists(folder))
        {
            throw new IOException($"There is something in '{folder}' already.");
        }

        string plan = Path.GetFullPath(Path.Combine(folder, "plan.json"));
        FilterPlan made = WritePlan(Path.Combine(root, "module", "models", "patterns.onnx"), plan);
        string whole = Path.GetFullPath(Path.Combine(folder, "whole"));
        var clock = Stopwatch.StartNew();
        Finish(whole);
        TimeSpan longest = clock.Elapsed;
        var random = new Random(1);
        var phases = PlanProcess.Phases.ToDictionary(phase => phase, _ => 0);
        List<string> faults = [];
        (int killed, int ended, int leftovers, int stay, int folders) = (0, 0, 0, 0, 0);
        while (killed < kills)
        {
            string disturbed = Path.GetFullPath(Path.Combine(folder, $"killed{++folders:00}"));
            var witness = new PlanWitness(disturbed, whole);
            for (int inFolder = 0; inFolder < KillsPerFolder && killed < kills;)
            {
                string?[] round = KillAll(disturbed, random.Next(1, MostShares + 1));
                faults.AddRange(witness.Look().Select(fault => $"{disturbed}: {fault}"));
                ended += round.Count(phase => phase is null);
                foreach (string phase in round.OfType<string>())
                {
                    phases[phase]++;
                    killed++;
                    inFolder++;
                }
            }

            leftovers += Directory.Exists(disturbed) ? Age(witness.Leftovers()) : 0;
            Finish(disturbed);
            string[] left = witness.Leftovers();
            stay += left.Count(IsOfAtlas);
            faults.AddRange(witness.Look().Concat(witness.Compare()).Concat(left.Where(file => !IsOfAtlas(file)).Select(file => $"{file} is left"))
                .Select(fault => $"{disturbed}: {fault}"));
            Console.Error.WriteLine($"{killed} kills, {faults.Count} faults, {clock.Elapsed.TotalMinutes:0.0} minutes");
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{killed} kills in {folders} folders of {made.Pictures} pictures each, in {clock.Elapsed.TotalMinutes:0} minutes; {ended} processes had ended before."));
        Console.WriteLine($"Killed at: {string.Join(", ", phases.Select(phase => $"{phase.Key} {phase.Value}"))}.");
        Console.WriteLine($"Unfinished files that they left: {leftovers}, of which {stay} stay in atlases. Faults: {faults.Count}.");
        faults.ForEach(Console.WriteLine);
        return faults.Count == 0;

        // An atlas writes only what is new, and looks at no other folder.
        bool IsOfAtlas(string file) => file.Contains($"{Path.DirectorySeparatorChar}atlas{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

        void Finish(string target)
        {
            using var process = new PlanProcess(manifest, plan, target, 0, 1);
            process.WaitForEnd();
        }

        // All shares at once, each until its own moment; some end before. What each was at.
        string?[] KillAll(string target, int count)
        {
            PlanProcess[] processes = [.. Enumerable.Range(0, count).Select(index => new PlanProcess(manifest, plan, target, index, count))];
            Task<string?>[] ends = [.. processes.Select(process => process.KillAfter(longest * (Longer * random.NextDouble())))];
            Task.WaitAll(ends);
            Array.ForEach(processes, process => process.Dispose());
            return [.. ends.Select(end => end.Result)];
        }
    }

    private static FilterPlan WritePlan(string path, string plan)
    {
        using CnnModel model = ModelImporter.Import(path, new ImportOptions());
        var maker = new PlanMaker(new AscentOptions { Recipe = Recipe.Robust with { Steps = 12, Size = new(32, 32) } }, PictureFormat.Png);
        foreach (CnnLayer layer in model.Layers.Where(layer => layer.Kind == "Conv2d"))
        {
            maker.Add(layer, Enumerable.Range(0, FiltersPerLayer));
        }

        FilterPlan made = maker.ToPlan();
        made.Write(plan);
        return made;
    }

    // As if an hour had passed, after which what is left counts as nobody's.
    private static int Age(string[] files)
    {
        Array.ForEach(files, file => File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-2)));
        return files.Length;
    }
}
