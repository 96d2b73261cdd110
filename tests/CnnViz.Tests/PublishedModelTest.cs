namespace CnnViz.Tests;

/// <summary>An engine with an empty cache, and a server on this machine that has the tiny model.</summary>
public abstract class PublishedModelTest : IDisposable
{
    private const string Variable = "CNNVIZ_CACHE";

    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    protected PublishedModelTest()
    {
        Server.Content = File.ReadAllBytes(Path.Combine(Engine.Folder, "tiny.onnx"));
        Environment.SetEnvironmentVariable(Variable, Cache);
    }

    internal HostedEngine Engine { get; } = new();

    internal FileServer Server { get; } = new();

    protected string Cache => Path.Combine(Engine.Folder, "cache");

    /// <summary>PowerShell for the model that the server has.</summary>
    protected string Model => Published(Server.Sha256);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        Engine.Dispose();
        Server.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>PowerShell for what the server has, with a hash of one's choice.</summary>
    protected string Published(string hash) =>
        $"[CnnViz.Catalogue.PublishedModel]@{{ Name = 'ours'; Uri = '{Server.Address}'; Length = {Server.Content.Length}; Sha256 = '{hash}' }}";

    internal ScriptResult Run(string script) => Engine.Run(script);
}
