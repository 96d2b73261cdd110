using System.Diagnostics;

namespace CnnViz.Kernels;

/// <summary>
/// Lets threads wait for what another one does. They wait at full load for a moment, as being woken takes longer than most of what there is to
/// wait for, and then asleep: the thread that they wait for may need their processor.
/// </summary>
internal sealed class Doorbell
{
    private const int SpinsBetweenLooks = 4;

    private static readonly long s_wakeful = Stopwatch.Frequency / 10_000;

    private readonly object _lock = new();
    private int _sleepers;

    /// <summary>Waits.</summary>
    /// <param name="isReached">Whether there is nothing to wait for any more; who makes it so rings afterwards.</param>
    public void WaitUntil(Func<bool> isReached)
    {
        for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetTimestamp() - begin < s_wakeful;)
        {
            if (isReached())
            {
                return;
            }

            Thread.SpinWait(SpinsBetweenLooks);
        }

        lock (_lock)
        {
            // Whoever rings looks for sleepers after the change, and they look for the change after they are counted.
            Interlocked.Increment(ref _sleepers);
            while (!isReached())
            {
                Monitor.Wait(_lock);
            }

            Interlocked.Decrement(ref _sleepers);
        }
    }

    /// <summary>Wakes those who wait.</summary>
    public void Ring()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sleepers) > 0)
        {
            lock (_lock)
            {
                Monitor.PulseAll(_lock);
            }
        }
    }
}
