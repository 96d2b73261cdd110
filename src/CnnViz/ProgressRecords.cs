using System.Management.Automation;
using CnnViz.Ascent;

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
}
