namespace CnnViz.Tests;

/// <summary>The processor's time that the process has used since this was made. Other programs may be at work, too, so the clock would say little.</summary>
internal sealed class ProcessorWatch
{
    private readonly TimeSpan _start = Environment.CpuUsage.TotalTime;

    /// <summary>The time so far.</summary>
    public TimeSpan Elapsed => Environment.CpuUsage.TotalTime - _start;
}
