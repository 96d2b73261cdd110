using CnnViz.Runtimes;
using TorchSharp;

namespace CnnViz.Fuzz;

/// <summary>The process that reads inputs. It may end at any of them.</summary>
internal static class FuzzChild
{
    // What a process had before shows no more after so many; a new one begins small.
    public const int InputsPerProcess = 20_000;

    /// <summary>Reads inputs until it is time.</summary>
    /// <param name="format">Their format.</param>
    /// <param name="folders">Where findings, kept inputs and the current one are.</param>
    /// <param name="seed">Decides the inputs.</param>
    /// <param name="first">Number of the first input.</param>
    /// <param name="end">Number after that of the last.</param>
    public static void Run(FuzzFormat format, RunFolders folders, int seed, long first, long end)
    {
        NativeLibraries.EnsureLoaded();
        torch.set_num_threads(1);
        var surroundings = new Surroundings(folders.Work, isWorkingFolder: true);
        var corpus = new Corpus(format);
        folders.ReadKept(corpus);
        using var progress = new Progress(folders.Progress);
        long peak = Trial.PeakMemory();
        for (long i = first; i < Math.Min(end, first + InputsPerProcess); i++)
        {
            progress.Current = i;
            var chance = new Chance(HashCode(seed, i), surroundings.Words);

            // The sound ones first.
            FuzzInput input = i < corpus.Seeds.Count ? corpus.Seeds[(int)i] : corpus.Next(chance);
            input.Write(surroundings.Folder);
            Trial trial = Trial.Run(format, input, surroundings.Folder, peak);
            peak = trial.Peak;
            if (i < corpus.Seeds.Count && !trial.IsRead)
            {
                folders.Save(input, i, $"sound input {i} is refused: {trial.Behaviour}");
            }
            else if (trial.Finding is not null)
            {
                folders.Save(input, i, trial.Finding);
            }

            if (corpus.Add(input, trial.Behaviour))
            {
                folders.Keep(input, i, trial.Behaviour);
                progress.Behaviours = corpus.Behaviours;
            }

            progress.Add(trial);
            if (i % 1000 == 0 && surroundings.Changes() is { } changes)
            {
                folders.Save(input, i, changes);
            }
        }

        progress.Current = Math.Min(end, first + InputsPerProcess);
    }

    // The same on all machines and in all versions, which .NET's own is not.
    private static int HashCode(int seed, long number)
    {
        ulong mixed = unchecked(((ulong)seed << 40 ^ (ulong)number) * 0x9E3779B97F4A7C15);
        return (int)(mixed >> 33);
    }
}
