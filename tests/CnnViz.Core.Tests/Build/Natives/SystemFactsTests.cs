using CnnViz.Build.Natives;
using CnnViz.Runtimes;

namespace CnnViz.Tests.Build.Natives;

/// <summary>What the module says of systems, against what the libraries say.</summary>
public sealed class SystemFactsTests
{
    private static readonly Dictionary<string, Version?> s_none = [];

    public static TheoryData<string> Runtimes => RuntimePackages.Runtimes;

    [Theory]
    [MemberData(nameof(Runtimes))]
    public void The_libraries_of_a_system_are_those_that_are_laid_down_in_the_order_of_their_needs(string runtime) =>
        Assert.Equal(LibrarySet.Used(RuntimePackages.Libraries(runtime)).Select(library => library.Name), TorchSystem.Of(runtime).Libraries);

    [Fact]
    public void Every_system_is_looked_at() => Assert.Equal(RuntimePackages.Names, TorchSystem.All.Select(system => system.Runtime));

    [Fact]
    public void The_libraries_for_linux_need_no_newer_system_than_the_module_says()
    {
        string[] versions = [.. LibrarySet.Used(RuntimePackages.Libraries("linux-x64")).SelectMany(library => library.Versions).Distinct()];

        Assert.Equal(SystemFacts.OldestGlibc, Newest("GLIBC_"));

        // The build marks the one newer version weak.
        Assert.Equal("GLIBCXX_3.4.32", $"GLIBCXX_{Newest("GLIBCXX_")}");
        versions = [.. versions.Where(version => version != "GLIBCXX_3.4.32")];
        Assert.Equal(SystemFacts.CppVersion, $"GLIBCXX_{Newest("GLIBCXX_")}");

        // Also of GCC 12, or older.
        Assert.Equal(new Version(1, 3, 13), Newest("CXXABI_"));
        Assert.Equal(new Version(3, 4), Newest("GCC_"));

        Version? Newest(string prefix) => versions.Where(version => version.StartsWith(prefix))
            .Max(version => Version.TryParse(version[prefix.Length..], out Version? number) ? number : new Version(0, 0));
    }

    [Fact]
    public void The_libraries_for_macos_need_no_newer_system_than_the_module_says() =>
        Assert.Equal(SystemFacts.OldestMacOS, LibrarySet.Used(RuntimePackages.Libraries("osx-arm64")).Max(library => library.MinimumSystem));

    // dyld takes an image that is there already under the path that is asked for, wherever it came from.
    [Fact]
    public void On_macos_a_library_that_is_asked_for_by_a_whole_path_is_loaded_before_under_that_path()
    {
        IReadOnlyList<LibraryFile> order = LibrarySet.Used(RuntimePackages.Libraries("osx-arm64"));
        string[] asked = [.. order.SelectMany(library => library.Needs)
            .Where(need => need.StartsWith('/') && !SystemLibraries.Has(LibrarySystem.MacOS, need))
            .Distinct()];

        string path = Assert.Single(asked);
        LibraryFile openMP = Assert.Single(order, library => library.InstallName == path);
        Assert.Equal("libomp.dylib", openMP.Name);
        Assert.Equal(0, openMP.Needs.Count(need => !SystemLibraries.Has(LibrarySystem.MacOS, need) && need != path));
    }

    [Fact]
    public void This_machine_can_load_what_it_has_loaded() =>
        SystemFacts.OfThisMachine(TorchSystem.Of(TorchSystem.ThisRuntime)).Check(TorchSystem.ThisRuntime);

    [Theory]
    [MemberData(nameof(Runtimes))]
    public void What_is_needed_of_Microsofts_runtime_is_checked(string runtime) => Assert.Equal(
        LibrarySet.Used(RuntimePackages.Libraries(runtime)).SelectMany(library => library.Needs)
            .Where(SystemLibraries.IsVisualCpp)
            .Select(need => need.ToLowerInvariant())
            .Distinct()
            .Order(StringComparer.Ordinal),
        TorchSystem.Of(runtime).VisualCpp);

    [Theory]
    [InlineData(true, null, null, "musl")]
    [InlineData(false, "2.31", null, "glibc is 2.31, and libtorch needs 2.34")]
    [InlineData(false, null, "14.7", "macOS 14.7, and libtorch needs 15")]
    public void A_system_that_is_too_old_is_one_error(bool isMusl, string? glibc, string? macOS, string message)
    {
        var facts = new SystemFacts(isMusl, glibc is null ? null : new Version(glibc), macOS is null ? null : new Version(macOS), s_none);

        var error = Assert.Throws<NativeLibraryException>(() => facts.Check("linux-x64"));
        Assert.Equal("NativeLibraryNotLoaded", error.ErrorId);
        Assert.Contains(message, error.Message);
        Assert.NotEmpty(error.Advice!);
    }

    [Theory]
    [InlineData(null, "win-x64", "'msvcp140.dll' is missing", "vc_redist.x64.exe")]
    [InlineData("14.34", "win-arm64", "'msvcp140.dll' has version 14.34, and libtorch needs 14.40", "vc_redist.arm64.exe")]
    public void Microsofts_runtime_is_asked_for_by_its_name(string? version, string runtime, string message, string advice)
    {
        var libraries = new Dictionary<string, Version?> { ["vcruntime140.dll"] = new(14, 44), ["msvcp140.dll"] = version is null ? null : new(version) };

        var error = Assert.Throws<NativeLibraryException>(() => new SystemFacts(false, null, null, libraries).Check(runtime));
        Assert.Contains(message, error.Message);
        Assert.Contains(advice, error.Advice!);
    }

    [Fact]
    public void A_system_that_libtorch_is_not_published_for_is_one_error() =>
        Assert.Contains("linux-arm64", Assert.Throws<NativeLibraryException>(() => TorchSystem.Of("linux-arm64")).Message);
}
