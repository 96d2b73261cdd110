using CnnViz.Build;

namespace CnnViz.Tests.Build;

public sealed class NativeLayoutTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("libtorch_cpu.so", true)]
    [InlineData("libgomp-98b21ff3.so.1", true)]
    [InlineData("libLibTorchSharp.so", true)]
    [InlineData("torch_cpu.dll", true)]
    [InlineData("libtorch_cpu.dylib", true)]
    [InlineData("libtorch_python.so", false)]
    [InlineData("libtorchbind_test.so", false)]
    [InlineData("torch_python.dll", false)]
    [InlineData("dnnl.lib", false)]
    public void Only_libraries_that_are_used_are_laid_down(string name, bool used) => Assert.Equal(used, NativeLayout.IsUsed(name));

    [Fact]
    public void A_library_is_copied_once_and_again_when_it_changed()
    {
        string library = Path.Combine(_folder, "libx.so");
        File.WriteAllText(library, "one");
        string target = Path.Combine(_folder, "out");

        Assert.Equal(1, NativeLayout.LayDown([library], target));
        Assert.Equal(0, NativeLayout.LayDown([library], target));
        File.WriteAllText(library, "other");
        Assert.Equal(1, NativeLayout.LayDown([library], target));
        Assert.Equal("other", File.ReadAllText(Path.Combine(target, "libx.so")));
        Assert.Single(Directory.GetFiles(target));
    }

    [SkippableFact]
    public void A_version_is_marked_weak_only_where_no_relocation_uses_it()
    {
        string library = Path.Combine(TestFiles.Root, "module", "bin", "libLibTorchSharp.so");
        Skip.IfNot(File.Exists(library), "TorchSharp's library for Linux is not there.");
        byte[] image = File.ReadAllBytes(library);

        // The build has marked it already; every C++ library really needs the first version of the C++ runtime.
        Assert.False(new ElfVersionNeeds(image).MarkWeak("GLIBCXX_3.4.32"));
        Assert.False(new ElfVersionNeeds(image).MarkWeak("GLIBCXX_9.9.99"));
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => new ElfVersionNeeds(image).MarkWeak("GLIBCXX_3.4"));
        Assert.Contains("really needed", exception.Message);
        Assert.Equal(File.ReadAllBytes(library), image);
    }

    [Fact]
    public void A_file_that_is_no_library_is_refused() =>
        Assert.Throws<InvalidDataException>(() => new ElfVersionNeeds([1, 2, 3]));
}
