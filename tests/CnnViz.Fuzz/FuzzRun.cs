using System.Diagnostics;
using System.Globalization;

namespace CnnViz.Fuzz;

/// <summary>The run of a format: starts processes that read inputs, and sees what becomes of them.</summary>
internal static class FuzzRun
{
    // Of the clock, not of a processor: other programs may be at work, too, and a process begins slowly.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_patienceAtFirst = TimeSpan.FromMinutes(5);
    private const long Starting = -1;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Shows inputs to a reader.</summary>
    /// <param name="format">The format.</param>
    /// <param name="root">Folder of the run.</param>
    /// <param name="seed">Decides the inputs.</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="limit">How long at most.</param>
    /// <returns>Number of findings.</returns>
    public static int Run(FuzzFormat format, string root, int seed, long count, TimeSpan limit)
    {
        RunFolders.Clear(root);
        var folders = new RunFolders(root);
        var clock = Stopwatch.StartNew();
        using var progress = new Progress(folders.Progress);
        long next = 0;
        while (next < count && clock.Elapsed < limit)
        {
            next = RunProcess(format, folders, root, progress, seed, next, count, limit - clock.Elapsed);
        }

        (string What, int Count, string Folder)[] findings = [.. folders.Summary()];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{format.Name,-16} {next,8} {progress.Read,8} {progress.Refused,8} {progress.Behaviours,6} {progress.Slowest.TotalSeconds,7:0.00} s {progress.Allocated / 1e6,7:0} MB "
            + $"{progress.PeakMemory / 1e6,7:0} MB {findings.Sum(finding => finding.Count),6} {clock.Elapsed.TotalMinutes,6:0.0} min"));
        foreach ((string what, int times, string folder) in findings)
        {
            Console.WriteLine($"    {times} × {what}\n        {folder}");
        }

        return findings.Length;
    }

    private static long RunProcess(
        FuzzFormat format, RunFolders folders, string root, Progress progress, int seed, long first, long end, TimeSpan limit)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["child", format.Name, root, $"{seed}", $"{first}", $"{end}"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };

        // Before libraries are loaded, or they have made their threads.
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "0";
        progress.Current = Starting;
        using Process process = Process.Start(start)!;
        var said = new List<string>();
        process.OutputDataReceived += (_, line) => Hear(said, line.Data);
        process.ErrorDataReceived += (_, line) => Hear(said, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        bool isStuck = Watch(process, progress, limit, out bool isOver);
        long current = Math.Max(first, progress.Current);
        if (isOver || (!isStuck && process.ExitCode == 0))
        {
            return current;
        }

        string what = isStuck ? "the reader does not come back" : $"the process ended with {process.ExitCode}";
        lock (said)
        {
            folders.SaveCurrent(current, $"{what}: {string.Join('\n', said.Take(40))}");
        }

        return current + 1;
    }

    // Whether it had to be ended for an input that takes without end; a limit that is over is none.
    private static bool Watch(Process process, Progress progress, TimeSpan limit, out bool isOver)
    {
        var clock = Stopwatch.StartNew();
        var idle = Stopwatch.StartNew();
        long last = progress.Current;
        while (!process.WaitForExit(s_interval))
        {
            if (progress.Current != last)
            {
                last = progress.Current;
                idle.Restart();
            }

            isOver = clock.Elapsed > limit;
            if (isOver || idle.Elapsed > (last == Starting ? s_patienceAtFirst : s_patience))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                return !isOver;
            }
        }

        // Its last words, too.
        process.WaitForExit();
        isOver = false;
        return false;
    }

    private static void Hear(List<string> said, string? line)
    {
        if (line is not null)
        {
            lock (said)
            {
                said.Add(line);
            }
        }
    }
}
