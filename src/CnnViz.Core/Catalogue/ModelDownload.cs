using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace CnnViz.Catalogue;

/// <summary>One download, from the request to the file in its place.</summary>
internal sealed class ModelDownload(PublishedModel model, string path, DownloadOptions options, IProgress<DownloadProgress> progress)
{
    private readonly byte[] _buffer = new byte[1 << 17];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _received;
    private long? _total = model.Length;

    public async Task RunAsync(CancellationToken cancellation)
    {
        model.ThrowIfNotFetchable();
        using PartialFile partial = PartialFile.Open(path);
        using var server = new ModelServer(model.Uri!, options);
        await ReceiveAllAsync(server, partial, cancellation).ConfigureAwait(false);
        Report(partial, isChecking: true);
        if (!model.HasLength(partial.Length))
        {
            throw Reject(partial, "DownloadSizeMismatch", $"has {partial.Length:N0} bytes instead of {model.Length:N0}");
        }

        string hash = partial.Sha256(cancellation);
        if (!model.HasHash(hash))
        {
            throw Reject(partial, "DownloadHashMismatch", $"has the SHA-256 {hash} instead of {model.Sha256}");
        }

        partial.Complete();
    }

    // Once something came, a transfer that breaks off is taken up again; until then a failure is told at once.
    private async Task ReceiveAllAsync(ModelServer server, PartialFile partial, CancellationToken cancellation)
    {
        long furthest = partial.Length;
        for (int failures = 0; ;)
        {
            try
            {
                await ReceiveAsync(server, partial, cancellation).ConfigureAwait(false);
                return;
            }
            catch (TransferException exception)
            {
                failures = partial.Length > furthest ? 1 : failures + 1;
                furthest = Math.Max(furthest, partial.Length);
                if (_received == 0 || failures > options.Retries)
                {
                    throw Broken(partial, exception);
                }
            }

            await Task.Delay(options.Pause * (1 << (failures - 1)), cancellation).ConfigureAwait(false);
        }
    }

    private async Task ReceiveAsync(ModelServer server, PartialFile partial, CancellationToken cancellation)
    {
        if (partial.Length > model.MaximalLength)
        {
            partial.Restart(null);
        }

        using HttpResponseMessage response = await server.GetAsync(partial.Length, partial.Version, cancellation).ConfigureAwait(false);
        HttpContentHeaders headers = response.Content.Headers;
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                partial.Restart(response.Headers.ETag);
                break;
            case HttpStatusCode.PartialContent when headers.ContentRange?.From == partial.Length:
                break;
            case HttpStatusCode.RequestedRangeNotSatisfiable when partial.Length > 0 && headers.ContentRange?.Length == partial.Length:
                return;
            case HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.PartialContent when partial.Length > 0:
                // What is there belongs to another file.
                partial.Restart(null);
                await ReceiveAsync(server, partial, cancellation).ConfigureAwait(false);
                return;
            default:
                throw Refused(response);
        }

        long? announced = partial.Length + headers.ContentLength;
        _total = announced ?? model.Length;
        if (announced is { } length && !model.HasLength(length))
        {
            throw Reject(partial, "DownloadSizeMismatch", $"has {length:N0} bytes at the server instead of {model.Length:N0}");
        }

        await ReceiveBodyAsync(server, response, partial, cancellation).ConfigureAwait(false);
        if (announced is { } whole ? partial.Length < whole : !model.HasLength(partial.Length))
        {
            throw new TransferException("the connection was closed");
        }
    }

    private async Task ReceiveBodyAsync(
        ModelServer server, HttpResponseMessage response, PartialFile partial, CancellationToken cancellation)
    {
        using Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        while (await server.ReadAsync(body, _buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            partial.Append(_buffer.AsMemory(0, count));
            _received += count;
            if (partial.Length > model.MaximalLength)
            {
                throw Reject(partial, "DownloadSizeMismatch", $"has more than {model.Length:N0} bytes");
            }

            Report(partial, isChecking: false);
        }
    }

    private void Report(PartialFile partial, bool isChecking) =>
        progress.Report(new DownloadProgress(partial.Length, _total, _received / _clock.Elapsed.TotalSeconds, isChecking));

    private CnnVizException Reject(PartialFile partial, string id, string what)
    {
        partial.Discard();
        return new CnnVizException(
            id,
            string.Create(CultureInfo.InvariantCulture, $"'{model.Uri}' is not the model '{model}': it {what}. It was thrown away."),
            "Try again; if it stays so, the publisher has changed the file.");
    }

    private CnnVizException Broken(PartialFile partial, TransferException exception) => partial.Length == 0
        ? new CnnVizException(
            "DownloadFailed",
            $"'{model}' cannot be downloaded from {model.Uri!.Host}: {exception.Message}.",
            "Check the network; if it needs a proxy, give -Proxy.",
            exception)
        : new CnnVizException(
            "DownloadInterrupted",
            $"The download of '{model}' from {model.Uri!.Host} broke off after {partial.Length:N0} bytes: {exception.Message}.",
            "Run the same command again; it goes on where it stopped.",
            exception);

    private Exception Refused(HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        string answer = $"the server answers {status} ({response.ReasonPhrase})";
        return status is 408 or 429 or >= 500
            ? new TransferException(answer)
            : new CnnVizException(
                status is 404 or 410 ? "DownloadNotFound" : "DownloadRefused",
                $"'{model}' cannot be downloaded from '{model.Uri}': {answer}.",
                "The publisher may have moved the file, or the network needs a proxy (-Proxy).");
    }
}
