using System.Diagnostics;

namespace CnnViz.Tests.Build;

/// <summary>Where the build looks for packages that it only downloads.</summary>
public sealed class PackageFolderTests
{
    [Theory]
    [InlineData("/some/packages")]
    [InlineData("/some/packages/")]
    public async Task Packages_are_found_in_a_folder_with_and_without_a_slash_at_its_end(string folder)
    {
        string project = Path.Combine(TestFiles.Root, "src", "CnnViz", "CnnViz.csproj");
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, ["msbuild", project, "-t:ListFonts", "-getProperty:FontAssembly", $"-p:NuGetPackageRoot={folder}", "-noLogo"])
        {
            RedirectStandardOutput = true,
        };
        using Process build = Process.Start(start)!;
        string assembly = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();

        Assert.Equal(0, build.ExitCode);
        Assert.StartsWith("/some/packages/avalonia.fonts.inter/", assembly);
    }
}
