using System.Net;
using CnnViz.Catalogue;

namespace CnnViz.Tests.Catalogue;

public sealed class ModelDownloadTests : DownloadTest
{
    [Fact]
    public void A_model_gets_its_name_once_it_is_whole_and_checked()
    {
        List<DownloadProgress> reports = Download();

        AssertDownloaded();
        Assert.Equal(Server.Content.Length, reports[^1].Received);
        Assert.True(reports[^1].IsChecking);
        Assert.All(reports, report => Assert.Equal(Server.Content.Length, report.Total));
        Assert.All(reports, report => Assert.True(report.BytesPerSecond > 0 && report.Remaining >= TimeSpan.Zero));
    }

    [Fact]
    public void The_beginning_of_a_hash_is_checked_as_far_as_it_goes()
    {
        Download(Model with { Sha256 = Server.Sha256[..8].ToUpperInvariant() });

        AssertDownloaded();
    }

    [Theory]
    [InlineData(8)]
    [InlineData(64)]
    public void What_has_another_hash_is_thrown_away(int digits)
    {
        string wrong = new('0', digits);

        Assert.Equal("DownloadHashMismatch", Fails(Model with { Sha256 = wrong }));
        Assert.Empty(Files);
    }

    [Fact]
    public void A_file_that_was_there_survives_a_download_that_is_not_the_model()
    {
        File.WriteAllText(Target, "mine");

        Assert.Equal("DownloadHashMismatch", Fails(Model with { Sha256 = new string('0', 64) }));
        Assert.Equal("mine", File.ReadAllText(Target));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_of_another_length_is_thrown_away(bool tellsLength)
    {
        Server.TellsLength = tellsLength;

        Assert.Equal("DownloadSizeMismatch", Fails(Model with { Length = Server.Content.Length - 1 }));
        Assert.Empty(Files);
    }

    [Fact]
    public void A_length_in_rounded_megabytes_is_checked_as_far_as_it_goes()
    {
        Download(Model with { Length = Server.Content.Length + 500, IsLengthExact = false });
        AssertDownloaded();

        Assert.Equal("DownloadSizeMismatch", Fails(Model with { Length = Server.Content.Length + 600, IsLengthExact = false }));
    }

    [Fact]
    public void A_server_that_does_not_tell_the_length_will_do()
    {
        Server.TellsLength = false;

        Download(Model with { Length = null });

        AssertDownloaded();
    }

    [Theory]
    [InlineData("404 Not Found", "DownloadNotFound")]
    [InlineData("410 Gone", "DownloadNotFound")]
    [InlineData("403 Forbidden", "DownloadRefused")]
    [InlineData("204 No Content", "DownloadRefused")]
    [InlineData("416 Range Not Satisfiable", "DownloadRefused")]
    [InlineData("503 Service Unavailable", "DownloadFailed")]
    public void A_server_that_refuses_leaves_nothing_behind(string answer, string id)
    {
        Server.Faults.Enqueue(new Fault { Answer = answer });

        Assert.Equal(id, Fails());
        Assert.Empty(Files);
        Assert.Single(Server.Requests);
    }

    [Fact]
    public void A_server_that_is_not_there_is_told_at_once()
    {
        PublishedModel model = Model;
        Server.Dispose();

        var exception = Assert.ThrowsAny<CnnVizException>(() => Download(model));

        Assert.Equal("DownloadFailed", exception.ErrorId);
        Assert.Contains("'test' cannot be downloaded from 127.0.0.1", exception.Message);
        Assert.Empty(Files);
    }

    [Fact]
    public void Redirections_are_followed()
    {
        Server.Faults.Enqueue(new Fault { Answer = "302 Found\r\nLocation: /elsewhere/file" });
        Server.Faults.Enqueue(new Fault { Answer = $"307 Temporary Redirect\r\nLocation: {Server.Address}" });

        Download();

        AssertDownloaded();
        Assert.Contains("GET /elsewhere/file ", Server.Requests.ElementAt(1));
    }

    [Theory]
    [InlineData("http://models.example/file.onnx")]
    [InlineData("file:///etc/passwd")]
    public void Redirections_to_what_is_not_safe_are_not_followed(string location)
    {
        Server.Faults.Enqueue(new Fault { Answer = $"301 Moved Permanently\r\nLocation: {location}" });

        Assert.Equal("ModelAddressUnsafe", Fails());
        Assert.Empty(Files);
    }

    [Fact]
    public void Redirections_in_a_circle_end()
    {
        for (int i = 0; i < 20; i++)
        {
            Server.Faults.Enqueue(new Fault { Answer = "302 Found\r\nLocation: /again" });
        }

        Assert.Equal("DownloadFailed", Fails());
    }

    [Theory]
    [InlineData("http://models.example/file.onnx", "ModelAddressUnsafe")]
    [InlineData("ftp://127.0.0.1/file.onnx", "ModelAddressUnsafe")]
    [InlineData("https://models.example/", "ModelAddressMissing")]
    public void Only_https_will_do(string address, string id) => Assert.Equal(id, Fails(Model with { Uri = new Uri(address) }));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1234567")]
    [InlineData("no hash at all")]
    public void What_cannot_be_checked_is_not_fetched(string? hash)
    {
        Assert.Equal("ModelHashMissing", Fails(Model with { Sha256 = hash }));
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public void A_proxy_that_is_given_is_asked()
    {
        using var proxy = new FileServer();
        proxy.Faults.Enqueue(new Fault { Answer = "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"" });
        DownloadOptions options = Options with
        {
            Proxy = new Uri(proxy.Address, "/"),
            ProxyCredential = new NetworkCredential("me", "secret"),
        };

        Download(Model with { Uri = new Uri("http://localhost:1/far/file.onnx"), Sha256 = proxy.Sha256 }, options);

        Assert.Contains("GET http://localhost:1/far/file.onnx ", proxy.Requests.Last());
        Assert.Contains("Proxy-Authorization: Basic bWU6c2VjcmV0", proxy.Requests.Last());
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public void What_is_there_already_is_known_by_length_and_hash()
    {
        Assert.False(ModelDownloader.IsThere(Model, Target, default));
        Download();
        Assert.True(ModelDownloader.IsThere(Model, Target, default));

        byte[] damaged = File.ReadAllBytes(Target);
        damaged[1000] ^= 1;
        File.WriteAllBytes(Target, damaged);
        Assert.False(ModelDownloader.IsThere(Model, Target, default));
    }
}
