using System.Runtime.ExceptionServices;

namespace CnnViz.Kernels;

/// <summary>
/// As many threads as there are to work with, the caller's among them, that do the same work on parts of their own. They wait for work, and for
/// one another, at full load for a moment before they sleep: to be woken takes longer than most of what there is to do.
/// </summary>
public sealed class WorkerTeam
{
    // Turns of waiting before the processor is left to others: some 100 µs.
    private const int Turns = 2000;

    // Turns of waiting before the thread sleeps.
    private const int WakefulTurns = 2 * Turns;

    private const int SpinsOfTurn = 10;

    private static readonly object s_lock = new();
    private static WorkerTeam? s_team;

    // Whether this thread is at work for a team.
    [ThreadStatic]
    private static bool s_isAtWork;

    private readonly SemaphoreSlim[] _begin;
    private Action<Share, WorkerTeam>? _work;
    private ExceptionDispatchInfo? _failure;
    private int _working;
    private int _arrived;
    private int _phase;

    private WorkerTeam(int threads)
    {
        _begin = [.. Enumerable.Range(1, threads - 1).Select(_ => new SemaphoreSlim(0))];
        for (int part = 1; part < threads; part++)
        {
            int own = part;
            new Thread(() => Serve(own)) { IsBackground = true, Name = $"CnnViz kernels {own}" }.Start();
        }
    }

    /// <summary>Number of its threads.</summary>
    public int Threads => _begin.Length + 1;

    /// <summary>
    /// Has work done and waits for it. Where the team is at work for somebody else, or the caller is at work for the team, the caller does it
    /// alone.
    /// </summary>
    /// <param name="threads">How many threads the team is to have; at least 1.</param>
    /// <param name="work">Gets its part, and the team to wait with; null where it is alone.</param>
    public static void Run(int threads, Action<Share, WorkerTeam?> work)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (threads == 1 || s_isAtWork || !Monitor.TryEnter(s_lock))
        {
            work(new Share(0, 1), null);
            return;
        }

        try
        {
            if (s_team?.Threads != threads)
            {
                s_team?.End();
                s_team = new WorkerTeam(threads);
            }

            s_team.Do(work);
        }
        finally
        {
            Monitor.Exit(s_lock);
        }
    }

    /// <summary>Waits until all of the team are here.</summary>
    /// <exception cref="OperationCanceledException">Another thread of the team has failed.</exception>
    public void Await()
    {
        int phase = Volatile.Read(ref _phase);
        if (Interlocked.Increment(ref _arrived) == Threads)
        {
            Volatile.Write(ref _arrived, 0);
            Volatile.Write(ref _phase, phase + 1);
            return;
        }

        WaitUntil(() =>
        {
            if (Volatile.Read(ref _failure) is not null)
            {
                throw new OperationCanceledException("Another thread of the team has failed.");
            }

            return Volatile.Read(ref _phase) != phase;
        });
    }

    private void Do(Action<Share, WorkerTeam?> work)
    {
        _work = work;
        _failure = null;
        _arrived = 0;
        Volatile.Write(ref _working, _begin.Length);
        Array.ForEach(_begin, begin => begin.Release());
        Attempt(0);
        WaitUntil(() => Volatile.Read(ref _working) == 0);
        _work = null;
        _failure?.Throw();
    }

    private void Attempt(int part)
    {
        s_isAtWork = true;
        try
        {
            _work!(new Share(part, Threads), this);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
        }
        finally
        {
            s_isAtWork = false;
        }
    }

    private void Serve(int part)
    {
        SemaphoreSlim begin = _begin[part - 1];
        while (true)
        {
            for (int turn = 0; turn < Turns && begin.CurrentCount == 0; turn++)
            {
                Thread.SpinWait(SpinsOfTurn);
            }

            begin.Wait();
            if (_work is null)
            {
                return;
            }

            Attempt(part);
            Interlocked.Decrement(ref _working);
        }
    }

    // Without work, those who wait for it go.
    private void End() => Array.ForEach(_begin, begin => begin.Release());

    private static void WaitUntil(Func<bool> isReached)
    {
        for (int turn = 0; !isReached(); turn++)
        {
            if (turn < Turns)
            {
                Thread.SpinWait(SpinsOfTurn);
            }
            else if (turn < WakefulTurns)
            {
                Thread.Yield();
            }
            else
            {
                Thread.Sleep(1);
            }
        }
    }
}
