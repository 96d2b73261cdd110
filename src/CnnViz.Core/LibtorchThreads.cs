using TorchSharp;

namespace CnnViz;

/// <summary>
/// How many threads work. Where kernels of our own do most of it, libtorch is better off with one: its others would wait, at full load, on the
/// processors that the kernels need.
/// </summary>
internal static class LibtorchThreads
{
    private static readonly object s_lock = new();
    private static int s_holders;
    private static int s_before;

    // The most that this thread may use; 0 for all.
    [ThreadStatic]
    private static int t_limit;

    /// <summary>The number that libtorch has, or had before anybody was left with fewer, and no more than this thread's limit.</summary>
    public static int Count
    {
        get
        {
            lock (s_lock)
            {
                int all = s_holders > 0 ? s_before : torch.get_num_threads();
                return t_limit > 0 ? Math.Min(t_limit, all) : all;
            }
        }
    }

    /// <summary>Leaves libtorch with one thread, when this thread calls it, until the result is disposed.</summary>
    public static IDisposable HoldToOne() => new Hold(1);

    /// <summary>Lets what this thread begins use no more threads, until the result is disposed.</summary>
    /// <param name="threads">At least 1; null for no limit.</param>
    public static IDisposable? Limit(int? threads) => threads is { } limit ? new Limited(limit) : null;

    private sealed class Limited : IDisposable
    {
        private readonly int _before = t_limit;
        private readonly Hold _hold;

        public Limited(int limit)
        {
            t_limit = limit;
            _hold = new Hold(Count);
        }

        public void Dispose()
        {
            _hold.Dispose();
            t_limit = _before;
        }
    }

    private sealed class Hold : IDisposable
    {
        private readonly int _previous;
        private bool _isDisposed;

        public Hold(int threads)
        {
            lock (s_lock)
            {
                _previous = torch.get_num_threads();
                s_before = s_holders++ == 0 ? _previous : s_before;
                torch.set_num_threads(threads);
            }
        }

        // The number that libtorch has is each thread's own, but new threads begin with what was set last.
        public void Dispose()
        {
            lock (s_lock)
            {
                if (!_isDisposed)
                {
                    torch.set_num_threads(--s_holders == 0 ? s_before : _previous);
                }

                _isDisposed = true;
            }
        }
    }
}
