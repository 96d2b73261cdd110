using System.Runtime.ExceptionServices;

namespace CnnViz.Kernels;

/// <summary>Stages of work, each divided into parts, which belong to whoever takes them first.</summary>
/// <param name="stages">Each gets its parts.</param>
/// <param name="parts">Parts of each stage.</param>
internal sealed class StagedWork(IReadOnlyList<Action<Share>> stages, int parts)
{
    // Stages in which each part has been taken.
    private readonly int[] _taken = new int[parts];

    private readonly Doorbell _next = new();
    private ExceptionDispatchInfo? _failure;
    private int _stage;
    private int _done;

    /// <summary>Takes part until all is done. Where a part has failed, what has not begun is left out.</summary>
    /// <param name="number">The thread's number: its own part comes first, whose maps are in its cache.</param>
    public void TakePart(int number)
    {
        for (int stage = Volatile.Read(ref _stage); stage < stages.Count; stage = Volatile.Read(ref _stage))
        {
            for (int i = 0; i < parts; i++)
            {
                int part = (number + i) % parts;

                // Where there is one stage, the caller's part is the caller's: work may tell of its progress on that thread alone.
                bool isReserved = stages.Count == 1 && part == 0 && number != 0;
                if (!isReserved && Interlocked.CompareExchange(ref _taken[part], stage + 1, stage) == stage)
                {
                    Do(stage, part);
                }
            }

            int current = stage;
            _next.WaitUntil(() => Volatile.Read(ref _stage) != current);
        }
    }

    /// <summary>Throws what a part has thrown.</summary>
    public void ThrowIfFailed() => _failure?.Throw();

    private void Do(int stage, int part)
    {
        try
        {
            if (Volatile.Read(ref _failure) is null)
            {
                stages[stage](new Share(part, parts));
            }
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
        }

        if (Interlocked.Increment(ref _done) == (stage + 1) * parts)
        {
            Volatile.Write(ref _stage, stage + 1);
            _next.Ring();
        }
    }
}
