using CnnViz.Ascent;

namespace CnnViz.Tests.Ascent;

public sealed class OrderedJobsTests : EngineTest
{
    [Fact]
    public void Results_come_in_the_order_of_the_jobs()
    {
        using var second = new ManualResetEventSlim();
        IEnumerable<int> results = OrderedJobs.Run(
            [0, 1, 2, 3],
            2,
            (job, stop) =>
            {
                // The first waits for the second.
                if (job == 0)
                {
                    second.Wait(stop);
                }
                else
                {
                    second.Set();
                }

                return job * 10;
            },
            _ => { },
            default);

        Assert.Equal([0, 10, 20, 30], results);
    }

    [Fact]
    public void What_a_job_throws_comes_in_its_turn()
    {
        var seen = new List<int>();
        Assert.Throws<FormatException>(() => seen.AddRange(
            OrderedJobs.Run([0, 1, 2], 2, (job, _) => job == 1 ? throw new FormatException() : job, _ => { }, default)));
        Assert.Empty(seen.Skip(1));
    }

    [Fact]
    public void Who_stops_early_leaves_nothing_behind()
    {
        int made = 0;
        int discarded = 0;
        int first = OrderedJobs.Run(
            [.. Enumerable.Range(0, 1000)],
            3,
            (job, _) => Interlocked.Increment(ref made) > 0 ? job : -1,
            _ => Interlocked.Increment(ref discarded),
            default).First();

        Assert.Equal(0, first);
        Assert.Equal(made - 1, discarded);
        Assert.True(made < 100, $"{made} results waited for a consumer that took one.");
    }

    [Fact]
    public void Cancelling_ends_the_jobs()
    {
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => OrderedJobs.Run(
            [0, 1],
            2,
            (job, stop) =>
            {
                source.Cancel();
                stop.WaitHandle.WaitOne();
                stop.ThrowIfCancellationRequested();
                return job;
            },
            _ => { },
            source.Token).ToArray());
    }
}
