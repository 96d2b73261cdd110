using CnnViz.Build.Natives;

namespace CnnViz.Tests.Build.Natives;

/// <summary>Which libraries are laid down for each system, by what their files say.</summary>
public sealed class LibrarySetTests
{
    public static TheoryData<string> Runtimes => RuntimePackages.Runtimes;

    [Theory]
    [InlineData("linux-x64", "libLibTorchSharp.so", "libc10.so", "libgomp-98b21ff3.so.1", "libtorch.so", "libtorch_cpu.so")]
    [InlineData("osx-arm64", "libLibTorchSharp.dylib", "libc10.dylib", "libomp.dylib", "libtorch.dylib", "libtorch_cpu.dylib")]
    [InlineData("win-arm64", "LibTorchSharp.dll", "armpl_lp64.dll", "c10.dll", "torch_cpu.dll")]
    [InlineData("win-x64", "LibTorchSharp.dll", "c10.dll", "libiomp5md.dll", "torch_cpu.dll")]
    public void Only_what_TorchSharp_needs_is_laid_down(string runtime, params string[] expected) =>
        Assert.Equal(expected, LibrarySet.Used(RuntimePackages.Libraries(runtime)).Select(library => library.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Runtimes))]
    public void A_library_that_is_missing_is_named_with_who_needs_it(string runtime)
    {
        IReadOnlyList<LibraryFile> whole = LibrarySet.Used(RuntimePackages.Libraries(runtime));

        Assert.All(whole.SkipLast(1), missing =>
        {
            var error = Assert.Throws<InvalidDataException>(() => LibrarySet.Used(whole.Where(library => library != missing).Select(library => library.Path)));
            Assert.Contains(missing.Name, error.Message);
        });
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public void Each_library_comes_after_those_that_it_needs(string runtime)
    {
        List<string> order = [.. LibrarySet.Used(RuntimePackages.Libraries(runtime)).Select(library => library.Name)];

        Assert.All(LibrarySet.Used(RuntimePackages.Libraries(runtime)), library => Assert.All(
            library.Needs.Select(need => need[(need.LastIndexOf('/') + 1)..]).Where(need => need != library.Name && order.Contains(need)),
            need => Assert.True(order.IndexOf(need) < order.IndexOf(library.Name), $"{need} comes after {library.Name}.")));
    }

    [Fact]
    public void Files_that_are_no_libraries_are_refused()
    {
        string folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;
        try
        {
            Assert.Contains("not in the packages", Assert.Throws<InvalidDataException>(() => LibrarySet.Used([Path.Combine(folder, "x.so")])).Message);
            Assert.All<byte[]>([[1, 2, 3], [1, 2, 3, 4], [.. "MZ and no more"u8], [0x7f, .. "ELF"u8, 2, 1, 1]], bytes =>
            {
                string file = Path.Combine(folder, "libLibTorchSharp.so");
                File.WriteAllBytes(file, bytes);
                Assert.Throws<InvalidDataException>(() => LibrarySet.Used([file]));
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
