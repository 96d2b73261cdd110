using CnnViz.Catalogue;

namespace CnnViz.Tests.Catalogue;

/// <summary>A server on this machine, a folder, and a model that the server has.</summary>
public abstract class DownloadTest : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;

    internal FileServer Server { get; } = new();

    internal PublishedModel Model => new()
    {
        Name = "test",
        Uri = Server.Address,
        Length = Server.Content.Length,
        Sha256 = Server.Sha256,
    };

    internal static DownloadOptions Options { get; } = new() { Pause = TimeSpan.FromMilliseconds(1) };

    protected string Target => Path.Combine(_folder, "file.onnx");

    protected string Partial => Target + ".part";

    protected IEnumerable<string> Files => Directory.EnumerateFiles(_folder).Select(file => Path.GetFileName(file)).Order();

    public void Dispose()
    {
        Server.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    internal List<DownloadProgress> Download(PublishedModel? model = null, DownloadOptions? options = null)
    {
        var reports = new Reports(_ => { });
        ModelDownloader.Download(model ?? Model, Target, options ?? Options, reports, default);
        return reports.All;
    }

    /// <summary>Cancels a download once so many bytes have come.</summary>
    internal void CancelAt(long received)
    {
        using var stop = new CancellationTokenSource();
        var reports = new Reports(report =>
        {
            if (report.Received >= received)
            {
                stop.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => ModelDownloader.Download(Model, Target, Options, reports, stop.Token));
    }

    internal string Fails(PublishedModel? model = null, DownloadOptions? options = null) =>
        Assert.ThrowsAny<CnnVizException>(() => Download(model, options)).ErrorId;

    protected void AssertDownloaded()
    {
        Assert.Equal(["file.onnx"], Files);
        Assert.Equal(Server.Content, File.ReadAllBytes(Target));
    }

    private sealed class Reports(Action<DownloadProgress> onReport) : IProgress<DownloadProgress>
    {
        public List<DownloadProgress> All { get; } = [];

        public void Report(DownloadProgress value)
        {
            All.Add(value);
            onReport(value);
        }
    }
}
