using System.Net;
using System.Net.Http.Headers;

namespace CnnViz.Catalogue;

/// <summary>A transfer that failed in a way that may mend by itself.</summary>
internal sealed class TransferException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Asks a server for a file, or for what is missing of it.</summary>
internal sealed class ModelServer : IDisposable
{
    private const int MostRedirects = 10;

    private readonly Uri _address;
    private readonly TimeSpan _patience;
    private readonly HttpClient _client;

    public ModelServer(Uri address, DownloadOptions options)
    {
        _address = address;
        _patience = options.Patience;
        var handler = new SocketsHttpHandler
        {
            // Each step is checked here. What comes must be the file as it is, so that its length and ranges mean something.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            Proxy = options.Proxy is null ? null : new WebProxy(options.Proxy) { Credentials = options.ProxyCredential },
            UseProxy = options.Proxy is not null || !address.IsLoopback,
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends the request, through all redirections.</summary>
    /// <param name="from">Bytes that are there already.</param>
    /// <param name="version">The version that they belong to, if that is known.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The answer, whose body has not been read; the caller disposes it.</returns>
    /// <exception cref="TransferException">There is no answer.</exception>
    /// <exception cref="CnnVizException">A redirection leads to an address that is not safe, or there are too many.</exception>
    public async Task<HttpResponseMessage> GetAsync(long from, EntityTagHeaderValue? version, CancellationToken cancellation)
    {
        Uri address = _address;
        for (int redirects = 0; redirects <= MostRedirects; redirects++)
        {
            PublishedModel.ThrowIfNotSafe(address);
            using HttpRequestMessage request = Request(address, from, version);
            HttpResponseMessage response = await PatientlyAsync(
                token => _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellation).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            address = new Uri(address, location);
        }

        throw new CnnVizException(
            "DownloadFailed", $"'{_address}' is redirected more than {MostRedirects} times.", "Try again later.");
    }

    /// <summary>Reads from the body of an answer.</summary>
    /// <exception cref="TransferException">The connection broke, or nothing came for too long.</exception>
    public Task<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellation) =>
        PatientlyAsync(token => body.ReadAsync(buffer, token).AsTask(), cancellation);

    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage Request(Uri address, long from, EntityTagHeaderValue? version)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("CnnViz", null));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
            request.Headers.IfRange = version is null ? null : new RangeConditionHeaderValue(version);
        }

        return request;
    }

    private async Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_patience);
        try
        {
            return await step(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new TransferException($"nothing came for {_patience.TotalSeconds:0.#} seconds", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new TransferException(exception.GetBaseException().Message.TrimEnd('.'), exception);
        }
    }
}
