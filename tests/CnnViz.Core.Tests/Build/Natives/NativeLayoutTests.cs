using CnnViz.Build.Natives;

namespace CnnViz.Tests.Build.Natives;

public sealed class NativeLayoutTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_library_is_copied_once_and_again_when_it_changed()
    {
        IReadOnlyList<string> libraries = RuntimePackages.Libraries("win-x64");
        string target = Path.Combine(_folder, "out");

        Assert.Equal(4, NativeLayout.LayDown(libraries, target));
        Assert.Equal(0, NativeLayout.LayDown(libraries, target));
        File.AppendAllText(Path.Combine(target, "c10.dll"), "x");
        Assert.Equal(1, NativeLayout.LayDown(libraries, target));
        Assert.Equal(4, Directory.GetFiles(target).Length);
    }

    [Fact]
    public void A_version_is_marked_weak_only_where_no_relocation_uses_it()
    {
        string library = Path.Combine(_folder, "libLibTorchSharp.so");
        File.Copy(RuntimePackages.Libraries("linux-x64").Single(path => Path.GetFileName(path) == "libLibTorchSharp.so"), library);
        using (var view = new BinaryView(library, writable: true))
        {
            var elf = new ElfLibrary(view);

            // Every C++ library really needs the first version of the C++ runtime.
            Assert.Contains("really needed", Assert.Throws<InvalidDataException>(() => elf.MarkWeak("GLIBCXX_3.4")).Message);
            Assert.False(elf.MarkWeak("GLIBCXX_9.9.99"));
            Assert.Contains("GLIBCXX_3.4.32", elf.ToFile(library).Versions);
            Assert.True(elf.MarkWeak("GLIBCXX_3.4.32"));
            Assert.False(elf.MarkWeak("GLIBCXX_3.4.32"));
        }

        LibraryFile marked = LibraryFile.Read(library);
        Assert.DoesNotContain("GLIBCXX_3.4.32", marked.Versions);
        Assert.Contains("GLIBCXX_3.4", marked.Versions);
    }
}
