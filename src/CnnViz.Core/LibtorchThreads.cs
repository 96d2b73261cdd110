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

    /// <summary>The number that libtorch has, or had before it was left with one.</summary>
    public static int Count
    {
        get
        {
            lock (s_lock)
            {
                return s_holders > 0 ? s_before : torch.get_num_threads();
            }
        }
    }

    /// <summary>
    /// Leaves libtorch with one thread, when this thread calls it, until all who asked for that have disposed what they got: the first who asked
    /// last of all.
    /// </summary>
    public static IDisposable HoldToOne()
    {
        lock (s_lock)
        {
            if (s_holders++ == 0)
            {
                s_before = torch.get_num_threads();
            }

            torch.set_num_threads(1);
        }

        return new Hold();
    }

    private sealed class Hold : IDisposable
    {
        private bool _isDisposed;

        public void Dispose()
        {
            lock (s_lock)
            {
                if (!_isDisposed && --s_holders == 0)
                {
                    torch.set_num_threads(s_before);
                }

                _isDisposed = true;
            }
        }
    }
}
