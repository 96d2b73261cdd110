using System.Diagnostics;

namespace CnnViz.Tests;

/// <summary>
/// How long something took, since this was made: by the clock or, where that is less, by the time that the process had of a processor. Other programs may be
/// at work, which the clock counts; and other tests of this process, which the processor's time counts.
/// </summary>
internal sealed class ProcessorWatch
{
    private readonly TimeSpan _start = Environment.CpuUsage.TotalTime;
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>The time so far.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Math.Min(_clock.Elapsed.Ticks, (Environment.CpuUsage.TotalTime - _start).Ticks));
}
