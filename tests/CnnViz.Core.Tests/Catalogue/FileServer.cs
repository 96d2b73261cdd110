using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace CnnViz.Tests.Catalogue;

/// <summary>What a server does wrong with one request.</summary>
internal sealed record Fault
{
    /// <summary>Closes the connection after so many bytes of the body.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Sends nothing more, and keeps the connection, after so many bytes of the body.</summary>
    public int? StallAfter { get; init; }

    /// <summary>Status line and headers instead of the file, such as <c>404 Not Found</c>.</summary>
    public string? Answer { get; init; }
}

/// <summary>A server of one file on this machine, over plain HTTP, whose answers can be spoilt.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();

    public FileServer(int length = 300_000)
    {
        Content = new byte[length];
        new Random(1).NextBytes(Content);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The file.</summary>
    public byte[] Content { get; set; }

    /// <summary>Mark of the file's version, or null.</summary>
    public string? Tag { get; set; } = "\"first\"";

    public bool HasRanges { get; set; } = true;

    public bool TellsLength { get; set; } = true;

    /// <summary>Sends so many bytes, then waits for a moment, and so on; 0 for all at once.</summary>
    public int TrickleBy { get; set; }

    /// <summary>What to do wrong, a request each.</summary>
    public ConcurrentQueue<Fault> Faults { get; } = new();

    /// <summary>Request lines and headers, a request each.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/models/file.onnx");

    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Content));

    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                string request = await ReadRequestAsync(stream);
                Requests.Enqueue(request);
                Faults.TryDequeue(out Fault? fault);
                if (fault?.Answer is { } answer)
                {
                    await WriteAsync(stream, $"HTTP/1.1 {answer}\r\nConnection: close\r\n\r\n");
                    return;
                }

                await SendAsync(stream, request, fault);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The other side went away.
            }
        }
    }

    private async Task SendAsync(NetworkStream stream, string request, Fault? fault)
    {
        int from = Header(request, "Range") is { } range && HasRanges && (Header(request, "If-Range") is not { } tag || tag == Tag)
            ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture)
            : 0;
        string range416 = $"Content-Range: bytes */{Content.Length}\r\n";
        string range206 = $"Content-Range: bytes {from}-{Content.Length - 1}/{Content.Length}\r\n";
        string head = from >= Content.Length ? $"416 Range Not Satisfiable\r\n{range416}"
            : from > 0 ? $"206 Partial Content\r\n{range206}"
            : "200 OK\r\n";
        ReadOnlyMemory<byte> body = Content.AsMemory(Math.Min(from, Content.Length));
        head += Tag is null ? string.Empty : $"ETag: {Tag}\r\n";
        head += TellsLength ? $"Content-Length: {body.Length}\r\n" : string.Empty;
        await WriteAsync(stream, $"HTTP/1.1 {head}Connection: close\r\n\r\n");
        int end = Math.Min(body.Length, fault?.CutAfter ?? fault?.StallAfter ?? body.Length);
        int step = TrickleBy > 0 ? TrickleBy : Math.Max(1, end);
        for (int sent = 0; sent < end; sent += step)
        {
            await stream.WriteAsync(body[sent..Math.Min(end, sent + step)], _stopping.Token);
            await Task.Delay(TrickleBy > 0 ? 50 : 0, _stopping.Token);
        }

        if (fault?.StallAfter is not null)
        {
            await Task.Delay(Timeout.Infinite, _stopping.Token);
        }
    }

    private static string? Header(string request, string name) => request.Split("\r\n")
        .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    private static async Task<string> ReadRequestAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) > 0)
        {
            text.Append((char)one[0]);
        }

        return text.ToString();
    }

    private static ValueTask WriteAsync(NetworkStream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text));
}
