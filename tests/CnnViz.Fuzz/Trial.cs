using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnViz.Fuzz;

/// <summary>What came of one input.</summary>
/// <param name="IsRead">Whether it was read; else it was refused.</param>
/// <param name="Behaviour">What happened, in a form that is the same for inputs that did the same.</param>
/// <param name="Finding">What should not have happened; null for nothing.</param>
/// <param name="Time">Time of the processor.</param>
/// <param name="Allocated">Bytes that .NET allocated.</param>
/// <param name="Peak">The most bytes that the process had so far.</param>
internal sealed partial record Trial(bool IsRead, string Behaviour, string? Finding, TimeSpan Time, long Allocated, long Peak)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Reads an input that lies in a folder.</summary>
    /// <param name="format">Its format.</param>
    /// <param name="input">The input.</param>
    /// <param name="folder">Where it lies.</param>
    /// <param name="peakBefore">The most bytes that the process had before.</param>
    public static Trial Run(FuzzFormat format, FuzzInput input, string folder, long peakBefore)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        Exception? failure = null;
        string read = string.Empty;
        try
        {
            read = format.Read(folder);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        TimeSpan time = Environment.CpuUsage.TotalTime - start;
        long peak = PeakMemory();
        long growth = peak - peakBefore;
        long most = format.MemoryFor(input);
        bool isRefused = failure is null or CnnVizException || ForeignFailure.IsOutOfMemory(failure);
        string? finding = !isRefused ? $"{failure!.GetType().Name} instead of one error: {failure}"
            : time > s_patience ? string.Create(CultureInfo.InvariantCulture, $"it took {time.TotalSeconds:0.0} s: {failure?.Message}")
            : format.BoundsAllocations && allocated > most ? $"{allocated >> 20} MB were allocated for {input.Length} bytes: {failure?.Message}"
            : growth > most ? $"the process grew by {growth >> 20} MB for {input.Length} bytes: {failure?.Message}"
            : null;
        return new Trial(failure is null, failure is null ? $"read {read}" : BehaviourOf(failure), finding, time, allocated, peak);
    }

    // Where it failed, and what it said, without names and numbers.
    private static string BehaviourOf(Exception failure)
    {
        Exception cause = failure;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        StackFrame? frame = new StackTrace(cause, fNeedFileInfo: false).GetFrame(0);
        string said = Variable().Replace(failure.Message.Split('\n', 2)[0], "…");
        return $"{(failure as CnnVizException)?.ErrorId} {cause.GetType().Name} {frame?.GetMethod()?.Name}+{frame?.GetILOffset()} {said}";
    }

    /// <summary>The most bytes that the process had so far.</summary>
    public static long PeakMemory()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    [GeneratedRegex(@"'[^']*'|[-\d.,×]+|""[^""]*""")]
    private static partial Regex Variable();
}
