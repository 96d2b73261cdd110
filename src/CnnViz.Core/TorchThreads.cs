using TorchSharp;

namespace CnnViz;

/// <summary>
/// Lets a thread compute alone. libtorch splits every operation among as many threads as the process has set; small operations on several
/// pictures at once are done sooner with a thread for each picture.
/// </summary>
internal sealed class TorchThreads : IDisposable
{
    private static readonly object s_lock = new();
    private static int s_alone;
    private static int s_usual;

    private TorchThreads()
    {
    }

    /// <summary>How many threads an operation is split among, unless a thread computes alone.</summary>
    public static int Usual
    {
        get
        {
            lock (s_lock)
            {
                return s_alone > 0 ? s_usual : torch.get_num_threads();
            }
        }
    }

    /// <summary>From now on the calling thread computes alone, and so do threads that begin before the last one that does has ended.</summary>
    /// <returns>To be disposed on the same thread when it is done.</returns>
    public static TorchThreads Alone()
    {
        lock (s_lock)
        {
            s_usual = s_alone++ > 0 ? s_usual : torch.get_num_threads();
            torch.set_num_threads(1);
        }

        return new TorchThreads();
    }

    public void Dispose()
    {
        lock (s_lock)
        {
            if (--s_alone == 0)
            {
                torch.set_num_threads(s_usual);
            }
        }
    }
}
