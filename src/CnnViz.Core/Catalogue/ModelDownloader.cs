namespace CnnViz.Catalogue;

/// <summary>Brings published models to this machine.</summary>
public static class ModelDownloader
{
    /// <summary>
    /// Downloads a model. The file appears whole and checked, by length and SHA-256, or not at all. What came of a download that broke
    /// off or was cancelled stays in a file named after it with <c>.part</c> at the end, and the next download goes on there.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Full path of the file; one that is there is replaced. Folders are made.</param>
    /// <param name="options">Proxy and patience.</param>
    /// <param name="progress">Told how far it is, after each block that comes.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CnnVizException">The model has no address of https or no hash, the server does not give the file, the transfer
    /// breaks off for good, what came is not the model, or the file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Download(
        PublishedModel model,
        string path,
        DownloadOptions options,
        IProgress<DownloadProgress> progress,
        CancellationToken cancellation) =>
        new ModelDownload(model, path, options, progress).RunAsync(cancellation).GetAwaiter().GetResult();

    /// <summary>Whether a file is there and is the model, whole and unchanged.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Path of the file.</param>
    /// <param name="cancellation">Ends it.</param>
    public static bool IsThere(PublishedModel model, string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using FileStream stream = File.OpenRead(path);
        return model.HasLength(stream.Length) && model.HasHash(PartialFile.Sha256(stream, cancellation));
    }
}
