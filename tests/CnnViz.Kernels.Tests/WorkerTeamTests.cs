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
            WorkerTeam.Run(threads, share =>
            {
                Assert.Equal(threads, share.Parts);
                Interlocked.Increment(ref parts[share.Part]);
            });
            Assert.All(parts, count => Assert.Equal(1, count));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_stage_begins_when_all_parts_of_the_one_before_are_done(int threads)
    {
        const int Stages = 300;
        int done = 0;
        bool isTooSoon = false;
        WorkerTeam.Run(threads, [.. Enumerable.Range(0, Stages).Select(stage => (Action<Share>)(_ =>
        {
            isTooSoon |= Volatile.Read(ref done) < stage * threads;
            Interlocked.Increment(ref done);
        }))]);
        Assert.False(isTooSoon);
        Assert.Equal(Stages * threads, done);
    }

    [Fact]
    public void Parts_of_those_who_do_not_come_are_done_by_who_is_there()
    {
        var done = new List<(int Stage, Share Share)>();
        new StagedWork([share => done.Add((0, share)), share => done.Add((1, share))], 3).TakePart(1);
        Assert.Equal([0, 0, 0, 1, 1, 1], done.Select(part => part.Stage));
        Assert.Equal([1, 2, 0, 1, 2, 0], done.Select(part => part.Share.Part));
    }

    [Fact]
    public void A_thread_that_slept_is_woken()
    {
        for (int round = 0; round < 5; round++)
        {
            int done = 0;
            WorkerTeam.Run(2, [
                share => Thread.Sleep(share.Part == round % 2 ? 20 : 0),
                _ => Interlocked.Increment(ref done)]);
            Thread.Sleep(5);
            Assert.Equal(2, done);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_failure_ends_the_work_of_all_and_reaches_the_caller(int failing)
    {
        for (int round = 0; round < 3; round++)
        {
            int later = 0;
            var exception = Assert.Throws<FormatException>(() => WorkerTeam.Run(3, [
                share =>
                {
                    if (share.Part == failing)
                    {
                        throw new FormatException("mine");
                    }
                },
                _ => later++]));
            Assert.Equal("mine", exception.Message);
            Assert.Equal(0, later);
        }

        int done = 0;
        WorkerTeam.Run(3, _ => Interlocked.Increment(ref done));
        Assert.Equal(3, done);
    }

    [Fact]
    public void Work_within_work_is_done_alone()
    {
        int inner = 0;
        WorkerTeam.Run(2, _ => WorkerTeam.Run(2, share =>
        {
            Assert.Equal(new Share(0, 1), share);
            Interlocked.Increment(ref inner);
        }));
        Assert.Equal(2, inner);
    }

    [Fact]
    public void No_threads_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => WorkerTeam.Run(0, _ => { }));

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
