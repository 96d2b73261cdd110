using System.Management.Automation;
using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Catalogue;
using CnnViz.Runtimes;

namespace CnnViz;

/// <summary>The engine's progress as PowerShell shows it.</summary>
internal static class ProgressRecords
{
    /// <summary>How far ascents are.</summary>
    public static ProgressRecord ToRecord(this AscentProgress progress, string activity)
    {
        string step = $"step {progress.Step} of {progress.Steps}{Activation(progress.Activation)}";
        return new ProgressRecord(0, activity, $"{progress.Done} of {progress.Total} done; {progress.Target}, {step}")
        {
            PercentComplete = (int)(100 * progress.Fraction),
            SecondsRemaining = Seconds(progress.Remaining),
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
            SecondsRemaining = Seconds(progress.Remaining),
        };
    }

    /// <summary>How far an installation is.</summary>
    public static ProgressRecord ToRecord(this RuntimeProgress progress, string activity) =>
        new(0, activity, $"{progress.Stage}: {Megabytes(progress.Done)} of {Megabytes(progress.Total)}")
        {
            PercentComplete = progress.Total > 0 ? (int)Math.Min(100, 100 * progress.Done / progress.Total) : -1,
        };

    /// <summary>How far a measurement is.</summary>
    public static ProgressRecord ToRecord(this MeasurementProgress progress, string activity, string runs) =>
        new(0, activity, $"{progress.Done} of {progress.Total} {runs} done; {Path.GetFileName(progress.Current)}")
        {
            PercentComplete = (int)(100.0 * progress.Done / progress.Total),
            SecondsRemaining = Seconds(progress.Remaining),
        };

    /// <summary>How far a dream is.</summary>
    public static ProgressRecord ToRecord(this DreamProgress progress, string activity)
    {
        string octave = $"Octave {progress.Octave} of {progress.Octaves}";
        return new ProgressRecord(
            0, activity, $"{octave}, step {progress.Step} of {progress.Steps}{Activation(progress.Activation)}")
        {
            PercentComplete = (int)(100 * progress.Fraction),
            SecondsRemaining = Seconds(progress.Remaining),
        };
    }

    /// <summary>Seconds as a progress record has them: −1 for what is not known.</summary>
    public static int Seconds(TimeSpan? time) => time is { } known ? (int)Math.Ceiling(known.TotalSeconds) : -1;

    /// <summary>A number of bytes in words.</summary>
    public static string Megabytes(double bytes) => $"{bytes / (1 << 20):0.0} MB";

    private static string Activation(float value) => float.IsNaN(value) ? string.Empty : $", activation {value:0.##}";
}
