using System.Diagnostics;
using CnnViz.Catalogue;

namespace CnnViz.Tests.Catalogue;

public sealed class ResumedDownloadTests : DownloadTest
{
    [Fact]
    public void A_connection_that_breaks_is_taken_up_where_it_broke()
    {
        Server.Faults.Enqueue(new Fault { CutAfter = 100_000 });
        Server.Faults.Enqueue(new Fault { CutAfter = 50_000 });

        Download();

        AssertDownloaded();
        Assert.Equal(3, Server.Requests.Count);
        Assert.Contains("Range: bytes=100000-", Server.Requests.ElementAt(1));
        Assert.Contains("If-Range: \"first\"", Server.Requests.ElementAt(1));
        Assert.Contains("Range: bytes=150000-", Server.Requests.ElementAt(2));
    }

    [Fact]
    public void A_server_that_falls_silent_is_asked_again()
    {
        Server.Faults.Enqueue(new Fault { StallAfter = 100_000 });

        Download(null, Options with { Patience = TimeSpan.FromSeconds(1) });

        AssertDownloaded();
        Assert.Contains(Server.Requests, request => request.Contains("Range: bytes=100000-"));
    }

    [Fact]
    public void A_slow_server_is_not_a_silent_one()
    {
        Server.TrickleBy = 10_000;

        Download(null, Options with { Patience = TimeSpan.FromSeconds(1.2) });

        AssertDownloaded();
        Assert.Single(Server.Requests);
    }

    [Fact]
    public void What_came_stays_for_the_next_run()
    {
        Break();
        Assert.Equal("DownloadInterrupted", Fails());
        Assert.Equal(["file.onnx.part", "file.onnx.part.etag"], Files);
        Assert.Equal(100_000, new FileInfo(Partial).Length);

        List<DownloadProgress> reports = Download();

        AssertDownloaded();
        Assert.Contains("Range: bytes=100000-", Server.Requests.Last());
        Assert.True(reports[0].Received > 100_000);
    }

    [Fact]
    public void A_failure_keeps_what_came_before()
    {
        Break();
        Fails();
        Server.Faults.Enqueue(new Fault { Answer = "503 Service Unavailable" });

        Assert.Equal("DownloadInterrupted", Fails());
        Assert.Equal(100_000, new FileInfo(Partial).Length);
    }

    [Fact]
    public void A_server_without_ranges_begins_anew()
    {
        Server.HasRanges = false;
        Server.Faults.Enqueue(new Fault { CutAfter = 100_000 });

        Download();

        AssertDownloaded();
    }

    [Fact]
    public void A_server_without_ranges_that_breaks_off_every_time_is_given_up()
    {
        Server.HasRanges = false;
        for (int i = 0; i < 20; i++)
        {
            Server.Faults.Enqueue(new Fault { CutAfter = 100_000 });
        }

        Assert.Equal("DownloadInterrupted", Fails());
        Assert.Equal(1 + Options.Retries, Server.Requests.Count);
    }

    [Theory]
    [InlineData("\"second\"")]
    [InlineData(null)]
    public void Another_version_at_the_server_begins_anew(string? tag)
    {
        Break();
        Fails();
        Server.Content = [.. Server.Content.Reverse()];
        Server.Tag = tag;

        Download();

        AssertDownloaded();
    }

    [Fact]
    public void A_partial_file_without_a_mark_is_checked_in_the_end()
    {
        File.WriteAllBytes(Partial, new byte[100_000]);

        Assert.Equal("DownloadHashMismatch", Fails());
        Assert.Empty(Files);
        Download();
        AssertDownloaded();
    }

    [Fact]
    public void A_weak_mark_is_no_mark()
    {
        Server.Tag = "W/\"about\"";
        Break();
        Fails();
        Assert.Equal(["file.onnx.part"], Files);

        Download();

        AssertDownloaded();
        Assert.DoesNotContain("If-Range", Server.Requests.Last());
    }

    [Fact]
    public void A_partial_file_that_is_whole_is_only_checked()
    {
        File.WriteAllBytes(Partial, Server.Content);

        Download();

        AssertDownloaded();
    }

    [Theory]
    [InlineData(300_001)]
    [InlineData(400_000)]
    public void A_partial_file_that_is_too_long_begins_anew(int length)
    {
        File.WriteAllBytes(Partial, new byte[length]);

        Download(Model with { Length = null });
        AssertDownloaded();

        File.WriteAllBytes(Partial, new byte[length]);
        Download();
        AssertDownloaded();
    }

    [Fact]
    public void A_part_that_was_not_asked_for_begins_anew()
    {
        Break();
        Fails();
        Server.Faults.Enqueue(new Fault { Answer = "206 Partial Content\r\nContent-Range: bytes 5-9/300000\r\nContent-Length: 0" });

        Download();

        AssertDownloaded();
    }

    [Fact]
    public void Cancelled_it_ends_at_once_and_can_go_on()
    {
        Server.Faults.Enqueue(new Fault { StallAfter = 100_000 });
        var clock = Stopwatch.StartNew();

        CancelAt(100_000);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(100_000, new FileInfo(Partial).Length);
        Download();
        AssertDownloaded();
        Assert.Contains("Range: bytes=100000-", Server.Requests.Last());
    }

    [Fact]
    public void Two_at_once_do_not_mix()
    {
        using PartialFile other = PartialFile.Open(Target);

        Assert.Equal("DownloadBusy", Fails());
    }

    private void Break()
    {
        Server.Faults.Enqueue(new Fault { CutAfter = 100_000 });
        for (int i = 0; i < Options.Retries; i++)
        {
            Server.Faults.Enqueue(new Fault { CutAfter = 0 });
        }
    }
}
