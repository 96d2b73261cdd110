using System.Net;

namespace CnnViz.Catalogue;

/// <summary>How a model is downloaded.</summary>
public sealed record DownloadOptions
{
    /// <summary>The proxy to use; null for the system's.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Name and password for the proxy, or null.</summary>
    public NetworkCredential? ProxyCredential { get; init; }

    /// <summary>How long nothing may come before the connection counts as broken.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often in a row a transfer that broke off is taken up again without anything new.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>How long to wait before the first of these; twice as long before the next, and so on.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);
}
