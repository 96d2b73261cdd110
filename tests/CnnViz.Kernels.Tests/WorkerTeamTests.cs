namespace CnnViz.Kernels.Tests;

/// <summary>Threads that do parts of the same work.</summary>
public sealed class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Each_part_is_done_once(int threads)
    {
        for (int round = 0; round < 20; round++)
        {
            var parts = new int[threads];
            WorkerTeam.Run(threads, (share, _) =>
            {
                Assert.Equal(threads, share.Parts);
                Interlocked.Increment(ref parts[share.Part]);
            });
            Assert.All(parts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void All_are_here_before_any_goes_on()
    {
        const int threads = 4;
        var arrived = new int[50];
        bool isTooSoon = false;
        WorkerTeam.Run(threads, (_, team) =>
        {
            for (int round = 0; round < arrived.Length; round++)
            {
                Interlocked.Increment(ref arrived[round]);
                team!.Await();
                isTooSoon |= Volatile.Read(ref arrived[round]) < threads;
            }
        });
        Assert.False(isTooSoon);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_failure_ends_the_work_of_all_and_reaches_the_caller(int failing)
    {
        for (int round = 0; round < 3; round++)
        {
            var exception = Assert.Throws<FormatException>(() => WorkerTeam.Run(3, (share, team) =>
            {
                if (share.Part == failing)
                {
                    throw new FormatException("mine");
                }

                team!.Await();
            }));
            Assert.Equal("mine", exception.Message);
        }

        int done = 0;
        WorkerTeam.Run(3, (_, _) => Interlocked.Increment(ref done));
        Assert.Equal(3, done);
    }

    [Fact]
    public void Work_within_work_is_done_alone()
    {
        int inner = 0;
        WorkerTeam.Run(2, (_, _) => WorkerTeam.Run(2, (share, team) =>
        {
            Assert.Null(team);
            Assert.Equal(new Share(0, 1), share);
            Interlocked.Increment(ref inner);
        }));
        Assert.Equal(2, inner);
    }

    [Fact]
    public void No_threads_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => WorkerTeam.Run(0, (_, _) => { }));

    [Theory]
    [InlineData(7, 3, 5)]
    [InlineData(1, 4, 3)]
    [InlineData(3, 1, 2)]
    public void Rows_are_divided_without_gaps(int images, int rows, int parts)
    {
        RowBand[] bands = [.. Enumerable.Range(0, parts).SelectMany(part => new Share(part, parts).Bands(images, rows))];

        Assert.All(bands, band => Assert.InRange(band.Last, band.First + 1, rows));
        Assert.Equal(
            Enumerable.Range(0, images * rows),
            bands.SelectMany(band => Enumerable.Range(band.First, band.Last - band.First).Select(row => band.Image * rows + row)));
    }
}
