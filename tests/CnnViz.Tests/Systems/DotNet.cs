namespace CnnViz.Tests.Systems;

/// <summary>Builds that tests start.</summary>
internal static class DotNet
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <summary>Builds a project of the repository, in the configuration of the tests.</summary>
    /// <param name="project">Its folder, from the repository's root.</param>
    /// <param name="arguments">More arguments of <c>dotnet build</c>.</param>
    public static void Build(string project, params string[] arguments)
    {
        // A process that goes on would hold the output; and the code has been looked at when it was built for this machine.
        using var dotnet = new ChildProcess(
            Environment.ProcessPath!,
            ["build", Path.Combine(TestFiles.Root, project), "-c", TestFiles.Configuration, "-v", "q", "--nologo", "-nodeReuse:false", "-p:RunAnalyzers=false", .. arguments]);
        (int code, string output, string error) = dotnet.WaitForEnd(s_limit);
        Assert.True(code == 0, $"{project} is not built.\n{output}\n{error}");
    }
}
