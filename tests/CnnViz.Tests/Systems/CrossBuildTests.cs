using CnnViz.Build.Natives;

namespace CnnViz.Tests.Systems;

/// <summary>The module as it is built for every system that it is for.</summary>
[Collection(CrossBuildCollection.Name)]
public sealed class CrossBuildTests(CrossBuilds builds)
{
    [Theory]
    [InlineData("linux-x64", LibrarySystem.Linux)]
    [InlineData("osx-arm64", LibrarySystem.MacOS)]
    [InlineData("win-arm64", LibrarySystem.Windows)]
    [InlineData("win-x64", LibrarySystem.Windows)]
    internal void A_module_has_every_library_that_it_needs_and_no_other(string runtime, LibrarySystem system)
    {
        string bin = Path.Combine(builds.Of(runtime), "module", "bin");

        // It refuses a library that is neither there nor the system's.
        IReadOnlyList<LibraryFile> used = LibrarySet.Used(Directory.GetFiles(bin));

        Assert.All(used, library => Assert.Equal(system, library.System));
        HashSet<string> own = Files(Path.Combine(TestFiles.Root, "module", "bin"));
        HashSet<string> managed = [.. Files(bin).Except(used.Select(library => library.Name))];
        Assert.Subset(own, managed);
        Assert.All(["CnnViz.dll", "CnnViz.Core.dll", Path.Combine("en-US", "CnnViz.dll-Help.xml")], file => Assert.Contains(file, managed));
    }

    [Fact]
    public void A_module_for_another_system_is_whole() => Assert.All(
        ["CnnViz.psd1", "module/CnnViz.psm1", "module/models/patterns.onnx"],
        file => Assert.True(File.Exists(Path.Combine(builds.Of("osx-arm64"), file)), file));

    private static HashSet<string> Files(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))];
}
