using System.Net;
using System.Text;

namespace CnnViz.Tests.Runtimes;

/// <summary>A source of NuGet packages on this machine, which asks for a name and a password.</summary>
internal sealed class PackageServer : IDisposable
{
    public const string User = "me";
    public const string Password = "secret";

    private readonly HttpListener _listener = new();
    private readonly string _id;
    private readonly string _version;
    private readonly byte[] _package;

    public PackageServer(string id, string version, byte[] package)
    {
        (_id, _version, _package) = (id, version, package);
        using (var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            socket.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}/";
        }

        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public string Address { get; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                byte[]? answer = Answer(context);
                if (answer is not null)
                {
                    await context.Response.OutputStream.WriteAsync(answer);
                }

                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
            {
                // Whoever asked has gone, or the test is over.
            }
        }
    }

    private byte[]? Answer(HttpListenerContext context)
    {
        string expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));
        if (context.Request.Headers["Authorization"] != expected)
        {
            context.Response.StatusCode = 401;
            context.Response.Headers["WWW-Authenticate"] = "Basic realm=\"packages\"";
            return null;
        }

        string path = context.Request.Url!.AbsolutePath;
        if (path == "/index.json")
        {
            return Encoding.UTF8.GetBytes($$"""
                { "version": "3.0.0", "resources": [ { "@id": "{{Address}}flat/", "@type": "PackageBaseAddress/3.0.0" } ] }
                """);
        }

        if (path == $"/flat/{_id}/index.json")
        {
            return Encoding.UTF8.GetBytes($$"""{ "versions": [ "{{_version}}" ] }""");
        }

        if (path == $"/flat/{_id}/{_version}/{_id}.{_version}.nupkg")
        {
            return _package;
        }

        context.Response.StatusCode = 404;
        return null;
    }
}
