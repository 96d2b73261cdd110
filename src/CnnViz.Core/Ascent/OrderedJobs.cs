namespace CnnViz.Ascent;

/// <summary>Runs jobs on several threads, and gives their results in the order of the jobs.</summary>
internal static class OrderedJobs
{
    // Results that may wait for one that takes longer, or for a consumer that does, beside those under way.
    private const int Ahead = 16;

    /// <summary>Runs jobs; each result appears as soon as it and all before it are there.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="workers">Number of threads.</param>
    /// <param name="run">Does a job, on one of the threads.</param>
    /// <param name="discard">Takes a result that nobody will see.</param>
    /// <param name="cancellation">Stops the jobs.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <remarks>What a job throws, its turn in the results throws. Whoever stops early waits for the jobs under way to stop.</remarks>
    public static IEnumerable<TResult> Run<TJob, TResult>(
        IReadOnlyList<TJob> jobs,
        int workers,
        Func<TJob, CancellationToken, TResult> run,
        Action<TResult> discard,
        CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var room = new SemaphoreSlim(workers + Ahead);
        TaskCompletionSource<TResult>[] results =
            [.. jobs.Select(_ => new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously))];
        int next = -1;
        int seen = 0;
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(i => new Thread(Work) { IsBackground = true, Name = $"Ascent {i + 1}" })];
        Array.ForEach(threads, thread => thread.Start());
        try
        {
            for (; seen < results.Length; seen++)
            {
                TResult result = results[seen].Task.GetAwaiter().GetResult();
                room.Release();
                yield return result;
            }
        }
        finally
        {
            stop.Cancel();
            Array.ForEach(threads, thread => thread.Join());
            foreach (Task<TResult> unseen in results.Skip(seen + 1).Select(result => result.Task).Where(task => task.IsCompletedSuccessfully))
            {
                discard(unseen.Result);
            }
        }

        void Work()
        {
            for (int i; (i = Interlocked.Increment(ref next)) < jobs.Count;)
            {
                try
                {
                    room.Wait(stop.Token);
                    results[i].SetResult(run(jobs[i], stop.Token));
                }
                catch (Exception exception)
                {
                    results[i].SetException(exception);
                }
            }
        }
    }
}
