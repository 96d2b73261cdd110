using System.IO.Compression;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using CnnViz.Runtimes;

namespace CnnViz.Tests.Runtimes;

/// <summary>libtorch's package, from a source or a file into the cache; here a small one of the same form.</summary>
public sealed class RuntimeInstallerTests : IDisposable
{
    private const string Id = "cnnviz-test-runtime";
    private const string Version = "1.2.0";

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;
    private readonly byte[] _bytes = MakePackage();
    private readonly RuntimePackage _package;
    private readonly RuntimeCache _cache;
    private readonly List<RuntimeProgress> _reports = [];

    public RuntimeInstallerTests()
    {
        _package = new RuntimePackage(
            Id, Version, _bytes.Length, Convert.ToBase64String(SHA512.HashData(_bytes)), [new("runtimes/x/native/a.so", 5), new("runtimes/x/native/b.so", 3_000_000)]);
        _cache = new RuntimeCache(Path.Combine(_folder, "cache"));
    }

    private string PackagePath
    {
        get
        {
            string path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "feed")).FullName, _package.FileName);
            File.WriteAllBytes(path, _bytes);
            return path;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_used_of_a_package_is_installed_out_of_a_file_and_nothing_else_is_left()
    {
        Assert.False(_cache.Has(_package));

        Install(PackagePath);

        Assert.True(_cache.Has(_package));
        Assert.Equal(["LICENSE-LIBTORCH.txt", "a.so", "b.so"], Installed());
        Assert.Equal([_cache.FolderOf(_package)], Directory.GetFileSystemEntries(_cache.Root));
        Assert.Equal([RuntimeStage.Checking, RuntimeStage.Unpacking], _reports.Select(report => report.Stage).Distinct());
        Assert.Equal(_reports[^1].Total, _reports[^1].Done);
    }

    [Fact]
    public void It_comes_from_a_folder_that_is_a_source_of_the_machine()
    {
        _ = PackagePath;
        Configure($"""<add key="carried" value="{Path.Combine(_folder, "feed")}" />""");

        Install();

        Assert.Equal(["LICENSE-LIBTORCH.txt", "a.so", "b.so"], Installed());
        Assert.Contains(_reports, report => report.Stage == RuntimeStage.Downloading && report.Done == _bytes.Length);
    }

    [Fact]
    public void It_comes_from_a_server_with_the_credentials_of_the_machine_where_the_first_source_does_not_have_it()
    {
        string empty = Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName;
        using var server = new PackageServer(Id, Version, _bytes);
        string sources = $"""<add key="empty" value="{empty}" /><add key="ours" value="{server.Address}index.json" allowInsecureConnections="true" />""";
        Configure(sources, $"""
            <packageSourceCredentials><ours>
              <add key="Username" value="{PackageServer.User}" /><add key="ClearTextPassword" value="{PackageServer.Password}" />
            </ours></packageSourceCredentials>
            """);

        Install();

        Assert.True(_cache.Has(_package));
    }

    [Fact]
    public void Without_a_source_that_has_it_one_error_says_what_each_answered_and_nothing_is_left()
    {
        string empty = Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName;
        Configure($"""<add key="empty" value="{empty}" /><add key="gone" value="{Path.Combine(_folder, "gone")}" />""");

        var error = Assert.Throws<CnnVizException>(() => Install());

        Assert.Equal("RuntimeNotFound", error.ErrorId);
        Assert.Contains("empty: not there", error.Message);
        Assert.Contains("gone: ", error.Message);
        Assert.Contains($"-Path {_package.FileName}", error.Advice!);
        Assert.Empty(Directory.GetFileSystemEntries(_cache.Root));
    }

    [Fact]
    public void A_machine_without_a_network_gets_one_error()
    {
        string address;
        using (var server = new PackageServer(Id, Version, _bytes))
        {
            address = server.Address;
        }

        Configure($"""<add key="far" value="{address}index.json" allowInsecureConnections="true" />""");

        var error = Assert.Throws<CnnVizException>(() => Install());
        Assert.Equal("RuntimeNotFound", error.ErrorId);
        Assert.Contains("far: ", error.Message);
    }

    [Fact]
    public void A_machine_without_sources_gets_one_error()
    {
        Configure(string.Empty);

        Assert.Contains("no source", Assert.Throws<CnnVizException>(() => Install()).Message);
    }

    [Fact]
    public void A_configuration_that_is_no_xml_is_one_error()
    {
        File.WriteAllText(Path.Combine(_folder, "nuget.config"), "<configuration>");

        Assert.Equal("NuGetConfigurationInvalid", Assert.Throws<CnnVizException>(() => Install()).ErrorId);
    }

    [Fact]
    public void Another_file_of_that_name_is_not_unpacked()
    {
        string path = PackagePath;
        File.AppendAllText(path, "x");

        var error = Assert.Throws<CnnVizException>(() => Install(path));

        Assert.Equal("RuntimeHashMismatch", error.ErrorId);
        Assert.Empty(Directory.GetFileSystemEntries(_cache.Root));
        Assert.True(File.Exists(path));
    }

    [Theory]
    [InlineData("Checking")]
    [InlineData("Unpacking")]
    public void Nothing_is_left_when_it_is_cancelled(string stage)
    {
        using var stop = new CancellationTokenSource();
        var reports = new Reports(report =>
        {
            if (report.Stage.ToString() == stage)
            {
                stop.Cancel();
            }
        });

        Assert.Throws<OperationCanceledException>(() => new RuntimeInstaller(_package, _cache, reports, stop.Token).Install(PackagePath));

        Assert.Empty(Directory.GetFileSystemEntries(_cache.Root));
    }

    [Fact]
    public void What_is_not_whole_is_replaced()
    {
        Install(PackagePath);
        File.AppendAllText(Path.Combine(_cache.FolderOf(_package), "a.so"), "x");
        Assert.False(_cache.Has(_package));

        Install(PackagePath);

        Assert.True(_cache.Has(_package));
    }

    [Fact]
    public void What_was_removed_is_gone()
    {
        Install(PackagePath);

        _cache.Remove(_cache.FolderOf(_package));

        Assert.False(_cache.Has(_package));
        Assert.Empty(Directory.GetFileSystemEntries(_cache.Root));
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public void What_is_removed_and_cannot_be_deleted_is_deleted_later()
    {
        Skip.If(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Nothing keeps root from deleting a file.");
        Install(PackagePath);
        string inner = Directory.CreateDirectory(Path.Combine(_cache.FolderOf(_package), "inner")).FullName;
        File.WriteAllText(Path.Combine(inner, "x"), "x");
        File.SetUnixFileMode(inner, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Equal("RuntimeFilesRemain", Assert.Throws<CnnVizException>(() => _cache.Remove(_cache.FolderOf(_package))).ErrorId);

        Assert.False(_cache.Has(_package));
        string left = Assert.Single(_cache.Leftovers);
        File.SetUnixFileMode(Path.Combine(left, "inner"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _cache.Remove(left);
        Assert.Empty(Directory.GetFileSystemEntries(_cache.Root));
    }

    [Fact]
    public void What_cannot_be_moved_away_is_in_use() =>
        Assert.Equal("RuntimeInUse", Assert.Throws<CnnVizException>(() => _cache.Remove(_cache.FolderOf(_package))).ErrorId);

    private static byte[] MakePackage()
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("runtimes/x/native/a.so", Encoding.ASCII.GetBytes("first"));
            Add("runtimes/x/native/b.so", RandomNumberGenerator.GetBytes(3_000_000));
            Add("runtimes/x/native/unused.so", Encoding.ASCII.GetBytes("unused"));
            Add("LICENSE-LIBTORCH.txt", Encoding.ASCII.GetBytes("licence"));
            Add($"{Id}.nuspec", Encoding.UTF8.GetBytes(
                $"<package><metadata><id>{Id}</id><version>{Version}</version><authors>x</authors><description>x</description></metadata></package>"));

            void Add(string name, byte[] bytes)
            {
                using Stream stream = archive.CreateEntry(name).Open();
                stream.Write(bytes);
            }
        }

        return memory.ToArray();
    }

    private void Configure(string sources, string more = "") => File.WriteAllText(
        Path.Combine(_folder, "nuget.config"), $"<configuration><packageSources><clear />{sources}</packageSources>{more}</configuration>");

    private void Install(string? path = null)
    {
        var installer = new RuntimeInstaller(_package, _cache, new Reports(_reports.Add), CancellationToken.None);
        if (path is null)
        {
            installer.Install(new PackageFeeds(_folder));
        }
        else
        {
            installer.Install(path);
        }
    }

    private IEnumerable<string> Installed() =>
        Directory.GetFiles(_cache.FolderOf(_package)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    private sealed class Reports(Action<RuntimeProgress> report) : IProgress<RuntimeProgress>
    {
        public void Report(RuntimeProgress value) => report(value);
    }
}
