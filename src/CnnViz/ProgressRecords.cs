using System.Management.Automation;
using CnnViz.Ascent;

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

    private static string Activation(float value) => float.IsNaN(value) ? string.Empty : $", activation {value:0.##}";
}
