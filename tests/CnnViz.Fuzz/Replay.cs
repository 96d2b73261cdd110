using CnnViz.Runtimes;

namespace CnnViz.Fuzz;

/// <summary>Reads one input again.</summary>
internal static class Replay
{
    /// <summary>Prints what comes of the files in a folder.</summary>
    public static int Run(FuzzFormat format, string folder)
    {
        NativeLibraries.EnsureLoaded();
        FuzzInput input = new Corpus(format).ReadAgain(folder);
        long peak = Trial.PeakMemory();
        Trial trial = Trial.Run(format, input, folder, peak);
        Console.WriteLine($"{trial.Behaviour}\n{trial.Time.TotalSeconds:0.00} s, .NET {trial.Allocated >> 20} MB, process +{trial.Peak - peak >> 20} MB\n{trial.Finding}");
        return trial.Finding is null ? 0 : 1;
    }
}
