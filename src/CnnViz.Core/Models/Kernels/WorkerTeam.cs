using System.Runtime.ExceptionServices;
using TorchSharp;

namespace CnnViz.Models.Kernels;

/// <summary>
/// As many threads as libtorch works with, the caller's among them, that do the same work on parts of their own and can wait for one another
/// for less than it takes to hand work to a pool.
/// </summary>
internal sealed class WorkerTeam
{
    // Turns of waiting before the processor is left to others.
    private const int Spins = 2000;

    private static readonly object s_lock = new();
    private static WorkerTeam? s_team;

    private readonly SemaphoreSlim[] _begin;
    private readonly CountdownEvent _ended = new(1);
    private Action<Share, WorkerTeam>? _work;
    private ExceptionDispatchInfo? _failure;
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

    /// <summary>Has work done and waits for it. Where the team is at work for somebody else, the caller does it alone.</summary>
    /// <param name="work">Gets its part, and the team to wait with.</param>
    public static void Run(Action<Share, WorkerTeam?> work)
    {
        if (!Monitor.TryEnter(s_lock))
        {
            work(new Share(0, 1), null);
            return;
        }

        try
        {
            int threads = torch.get_num_threads();
            if (threads == 1)
            {
                work(new Share(0, 1), null);
                return;
            }

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
    public void Await()
    {
        int phase = Volatile.Read(ref _phase);
        if (Interlocked.Increment(ref _arrived) == Threads)
        {
            Volatile.Write(ref _arrived, 0);
            Volatile.Write(ref _phase, phase + 1);
            return;
        }

        for (int turn = 0; Volatile.Read(ref _phase) == phase; turn++)
        {
            if (Volatile.Read(ref _failure) is not null)
            {
                throw new OperationCanceledException("Another thread of the team has failed.");
            }

            if (turn < Spins)
            {
                Thread.SpinWait(10);
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    private void Do(Action<Share, WorkerTeam?> work)
    {
        _work = work;
        _failure = null;
        _ended.Reset(_begin.Length);
        Array.ForEach(_begin, begin => begin.Release());
        Attempt(0);
        _ended.Wait();
        _work = null;
        _failure?.Throw();
    }

    private void Attempt(int part)
    {
        try
        {
            _work!(new Share(part, Threads), this);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
        }
    }

    private void Serve(int part)
    {
        while (true)
        {
            _begin[part - 1].Wait();
            if (_work is null)
            {
                return;
            }

            Attempt(part);
            _ended.Signal();
        }
    }

    // Without work, those who wait for it go.
    private void End()
    {
        Array.ForEach(_begin, begin => begin.Release());
    }
}
