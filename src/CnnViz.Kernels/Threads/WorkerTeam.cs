namespace CnnViz.Kernels;

/// <summary>
/// As many threads as there are to work with, the caller's among them. Work comes in stages, and a stage begins when all parts of the one before
/// are done. Nobody waits for a thread that is not at work: whoever is there takes the parts that are left, so that beside other programs a thread
/// that the system has put aside holds the others up only if it was put aside in the middle of a part.
/// </summary>
public sealed class WorkerTeam
{
    private static readonly object s_lock = new();
    private static WorkerTeam? s_team;

    // Whether this thread is at work for a team.
    [ThreadStatic]
    private static bool s_isAtWork;

    private readonly Doorbell _begin = new();
    private StagedWork? _work;
    private bool _isOver;

    private WorkerTeam(int threads)
    {
        Threads = threads;
        for (int number = 1; number < threads; number++)
        {
            int own = number;
            new Thread(() => Serve(own)) { IsBackground = true, Name = $"CnnViz kernels {own}" }.Start();
        }
    }

    /// <summary>Number of its threads.</summary>
    public int Threads { get; }

    /// <summary>Has work of one stage done and waits for it. Parameters as of the other.</summary>
    public static void Run(int threads, Action<Share> work) => Run(threads, [work]);

    /// <summary>
    /// Has work done and waits for it. Where the team is at work for somebody else, or the caller is at work for the team, the caller does it
    /// alone, in one part.
    /// </summary>
    /// <param name="threads">How many threads the team is to have, and into how many parts each stage is divided; at least 1.</param>
    /// <param name="stages">Each gets all of its parts, one after the other or at once.</param>
    public static void Run(int threads, IReadOnlyList<Action<Share>> stages)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (threads == 1 || s_isAtWork || !Monitor.TryEnter(s_lock))
        {
            foreach (Action<Share> stage in stages)
            {
                stage(new Share(0, 1));
            }

            return;
        }

        try
        {
            if (s_team?.Threads != threads)
            {
                s_team?.End();
                s_team = new WorkerTeam(threads);
            }

            s_team.Do(stages);
        }
        finally
        {
            Monitor.Exit(s_lock);
        }
    }

    private void Do(IReadOnlyList<Action<Share>> stages)
    {
        var work = new StagedWork(stages, Threads);
        Volatile.Write(ref _work, work);
        _begin.Ring();
        TakePart(work, 0);
        Volatile.Write(ref _work, null);
        work.ThrowIfFailed();
    }

    private void Serve(int number)
    {
        StagedWork? last = null;
        while (true)
        {
            _begin.WaitUntil(() => Volatile.Read(ref _isOver) || (Volatile.Read(ref _work) is { } work && work != last));
            if (Volatile.Read(ref _isOver))
            {
                return;
            }

            // Those who come too late find nothing.
            if (Volatile.Read(ref _work) is { } given && given != last)
            {
                last = given;
                TakePart(given, number);
            }
        }
    }

    private static void TakePart(StagedWork work, int number)
    {
        s_isAtWork = true;
        try
        {
            work.TakePart(number);
        }
        finally
        {
            s_isAtWork = false;
        }
    }

    private void End()
    {
        Volatile.Write(ref _isOver, true);
        _begin.Ring();
    }
}
