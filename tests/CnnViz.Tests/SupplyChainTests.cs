using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace CnnViz.Tests;

/// <summary>What comes from elsewhere: packages, and nothing by the network.</summary>
public sealed class SupplyChainTests
{
    public static TheoryData<string> Projects => [.. Directory
        .EnumerateFiles(TestFiles.Root, "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(TestFiles.Root, path)).Order()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Packages_of_a_project_are_locked_with_their_hashes(string project)
    {
        string[] locks = Directory.GetFiles(Path.GetDirectoryName(Path.Combine(TestFiles.Root, project))!, "packages*.lock.json");
        Assert.NotEmpty(locks);
        foreach (JsonElement package in locks.SelectMany(Packages))
        {
            Assert.True(
                package.GetProperty("type").GetString() is "Project" || package.GetProperty("contentHash").GetString() is { Length: > 80 },
                $"{project}: {package}");
        }
    }

    [SkippableFact]
    public void No_package_has_a_known_advisory()
    {
        using var dotnet = new ChildProcess(
            Environment.ProcessPath!,
            ["list", Path.Combine(TestFiles.Root, "CnnViz.slnx"), "package", "--vulnerable", "--include-transitive", "--format", "json"],
            ("DOTNET_CLI_UI_LANGUAGE", "en"));
        (int code, string output, string error) = dotnet.WaitForEnd(TimeSpan.FromMinutes(2));
        Skip.If(code != 0, $"No source of packages tells of advisories.\n{output}\n{error}");

        using JsonDocument report = JsonDocument.Parse(output[output.IndexOf('{')..]);
        string[] warnings = [.. Items(report.RootElement, "problems").Select(problem => problem.ToString())];
        Skip.If(warnings.Length > 0, $"No source of packages tells of advisories.\n{string.Join('\n', warnings)}");
        string[] advisories =
        [
            .. from project in Items(report.RootElement, "projects")
               from framework in Items(project, "frameworks")
               from package in Items(framework, "topLevelPackages").Concat(Items(framework, "transitivePackages"))
               from advisory in Items(package, "vulnerabilities")
               select $"{package.GetProperty("id")} {package.GetProperty("resolvedVersion")}: {advisory}",
        ];
        Assert.Empty(advisories);
    }

    [Fact]
    public void A_module_does_not_say_where_it_was_built()
    {
        byte[][] places = [Encoding.UTF8.GetBytes(TestFiles.Root), Encoding.Unicode.GetBytes(TestFiles.Root)];
        string[] assemblies = Directory.GetFiles(Path.Combine(TestFiles.Root, "module", "bin"), "CnnViz*.dll");
        Assert.Equal(4, assemblies.Length);
        foreach (string assembly in assemblies)
        {
            byte[] content = File.ReadAllBytes(assembly);
            Assert.All(places, place => Assert.Equal(-1, content.AsSpan().IndexOf(place)));
        }
    }

    [Fact]
    public void Nothing_is_sent_or_fetched_by_pictures()
    {
        using var listener = new Listener();
        Look([], [("HTTP_PROXY", listener.Address), ("HTTPS_PROXY", listener.Address), ("ALL_PROXY", listener.Address)]);
        Assert.Equal(0, listener.Connections);
    }

    [SkippableFact]
    public void Pictures_need_no_network()
    {
        Skip.IfNot(HasNamespaces(), "No program here takes the network away (unshare -rn).");
        Look(["unshare", "-rn"], []);
    }

    // A first look, short: import, pictures, files, a sheet, an atlas, figures.
    private static void Look(string[] within, (string Name, string Value)[] environment)
    {
        string folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;
        try
        {
            using ChildProcess pwsh = RealPowerShell.Start(
                within,
                ["-Command", $$"""
                    $ErrorActionPreference = 'Stop'
                    Set-Location '{{folder}}'
                    Import-Module '{{Path.Combine(TestFiles.Root, "CnnViz.psd1")}}'
                    $model = Import-CnnModel patterns
                    $images = $model | Get-CnnLayer relu1, conv3 | Invoke-FilterMaximization 0, 1 -Steps 2 -Size 32
                    $files = $images | Export-FilterImage out -PassThru
                    $sheets = $images | Export-FilterSheet sheet.png -PassThru
                    $atlas = $images | Export-FilterAtlas atlas
                    $figures = $files | Measure-FilterImage -Model $model
                    "$($files.Count) $($sheets.Count) $(Test-Path atlas/index.html) $($figures.Count)"
                    """],
                [("POWERSHELL_TELEMETRY_OPTOUT", "1"), ("POWERSHELL_UPDATECHECK", "Off"), .. environment]);
            (int code, string output, string error) = pwsh.WaitForEnd(TimeSpan.FromMinutes(2));
            Assert.True(code == 0, $"{output}\n{error}");
            Assert.Equal("4 2 True 4", output.Trim());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool HasNamespaces()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            using var unshare = new ChildProcess("unshare", ["-rn", "true"]);
            return unshare.WaitForEnd(TimeSpan.FromSeconds(10)).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static IEnumerable<JsonElement> Packages(string path)
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. file.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
            .Select(package => package.Value.Clone())];
    }

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement items) ? items.EnumerateArray() : [];

    // Counts who asks for it.
    private sealed class Listener : IDisposable
    {
        private readonly TcpListener _socket = new(IPAddress.Loopback, 0);
        private int _connections;

        public Listener()
        {
            _socket.Start();
            _ = Accept();
        }

        public string Address => $"http://{_socket.LocalEndpoint}";

        public int Connections => Volatile.Read(ref _connections);

        public void Dispose() => _socket.Dispose();

        private async Task Accept()
        {
            while (true)
            {
                try
                {
                    using TcpClient client = await _socket.AcceptTcpClientAsync();
                    Interlocked.Increment(ref _connections);
                }
                catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
