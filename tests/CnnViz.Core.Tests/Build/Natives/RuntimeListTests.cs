using System.Security.Cryptography;
using CnnViz.Build.Natives;
using CnnViz.Runtimes;

namespace CnnViz.Tests.Build.Natives;

/// <summary>What a package of the module says of libtorch's packages.</summary>
public sealed class RuntimeListTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;

    public RuntimeListTests() => RuntimePackages.List.Write(_folder, RuntimePackages.Names);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_library_of_a_system_ships_or_is_in_the_list()
    {
        Assert.All(TorchSystem.All, system =>
        {
            RuntimePackage package = RuntimePackage.Find(_folder, system.Runtime)!;
            IEnumerable<string> shipped = Directory.GetFiles(Path.Combine(_folder, "natives", system.Runtime)).Select(file => Path.GetFileName(file));
            Assert.Equal(system.Libraries.Order(StringComparer.Ordinal), shipped.Concat(package.Files.Select(file => file.Name)).Order(StringComparer.Ordinal));
        });
        Assert.Null(RuntimePackage.Find(_folder, "linux-arm64"));
        Assert.Null(RuntimePackage.Find(Path.GetTempPath(), "linux-x64"));
    }

    [Fact]
    public void Hash_and_length_are_the_packages()
    {
        RuntimePackage package = RuntimePackage.Find(_folder, "win-arm64")!;
        byte[] bytes = File.ReadAllBytes(RuntimePackages.PackageOf("win-arm64"));

        Assert.Equal(bytes.Length, package.Length);
        Assert.Equal(Convert.ToBase64String(SHA512.HashData(bytes)), package.Sha512);
    }

    [Fact]
    public void TorchSharps_library_for_linux_ships_without_the_version_that_it_does_not_need() => Assert.DoesNotContain(
        "GLIBCXX_3.4.32", LibraryFile.Read(Path.Combine(_folder, "natives", "linux-x64", "libLibTorchSharp.so")).Versions);
}
