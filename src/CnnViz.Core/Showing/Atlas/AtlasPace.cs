using System.Diagnostics;

namespace CnnViz.Showing.Atlas;

/// <summary>How often pages are written while pictures still come: after a while, and never for more than a tenth of the time.</summary>
internal sealed class AtlasPace
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(3);

    private readonly Stopwatch _sinceWritten = Stopwatch.StartNew();
    private TimeSpan _wait = s_interval;

    /// <summary>Writes, if it is time to.</summary>
    public void Run(Action write)
    {
        if (_sinceWritten.Elapsed < _wait)
        {
            return;
        }

        var cost = Stopwatch.StartNew();
        write();
        _wait = cost.Elapsed * 9 > s_interval ? cost.Elapsed * 9 : s_interval;
        _sinceWritten.Restart();
    }
}
