using System.Management.Automation;
using CnnViz.Catalogue;

namespace CnnViz;

/// <summary>Downloads models for a cmdlet, with progress, until the pipeline is stopped.</summary>
internal sealed class DownloadWorker(CnnVizCommand cmdlet)
{
    /// <summary>Whether a model's file is at a path, whole and unchanged.</summary>
    public bool IsThere(PublishedModel model, string path)
    {
        bool isThere = false;
        Run($"Checking {model}", (_, stop) => isThere = ModelDownloader.IsThere(model, path, stop));
        return isThere;
    }

    /// <summary>Downloads a model to a path; when it is stopped, what came of the file is kept for the next time.</summary>
    /// <exception cref="CnnVizException">See <see cref="ModelDownloader.Download" />.</exception>
    /// <exception cref="PipelineStoppedException">The pipeline is being stopped.</exception>
    public void Download(PublishedModel model, string path, DownloadOptions options)
    {
        Run($"Downloading {model}", (progress, stop) => ModelDownloader.Download(model, path, options, progress, stop));
        cmdlet.WriteVerbose($"Downloaded {model} from {model.Uri} to '{path}'; its length and SHA-256 are as published.");
    }

    private void Run(string activity, Action<IProgress<DownloadProgress>, CancellationToken> work) =>
        cmdlet.RunWork(activity, work, progress => progress.ToRecord(activity));
}
