using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Catalogue;

namespace CnnViz;

/// <summary>The engine's progress as PowerShell shows it.</summary>
internal static class ProgressRecords
{
    /// <summary>How far ascents are.</summary>
    public static ProgressRecord ToRecord(this AscentProgress progress, string activity)
    {
        string activation = float.IsNaN(progress.Activation) ? string.Empty : $", activation {progress.Activation:0.##}";
        return new ProgressRecord(
            0, activity, $"{progress.Done} of {progress.Total} done; {progress.Target}, step {progress.Step} of {progress.Steps}{activation}")
        {
            PercentComplete = (int)(100 * progress.Fraction),
            SecondsRemaining = progress.Remaining is { } left ? (int)Math.Ceiling(left.TotalSeconds) : -1,
        };
    }

    /// <summary>How far a download is.</summary>
    public static ProgressRecord ToRecord(this DownloadProgress progress, string activity)
    {
        string total = progress.Total is { } bytes ? $" of {Megabytes(bytes)}" : string.Empty;
        string status = progress.IsChecking
            ? $"Checking {Megabytes(progress.Received)}"
            : $"{Megabytes(progress.Received)}{total}, {Megabytes(progress.BytesPerSecond)}/s";
        return new ProgressRecord(0, activity, status)
        {
            PercentComplete = progress.Total is null ? -1 : (int)(100 * progress.Fraction),
            SecondsRemaining = progress.Remaining is { } left ? (int)Math.Ceiling(left.TotalSeconds) : -1,
        };
    }

    private static string Megabytes(double bytes) => $"{bytes / (1 << 20):0.0} MB";
}
