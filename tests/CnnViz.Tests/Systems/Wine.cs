using System.Runtime.InteropServices;

namespace CnnViz.Tests.Systems;

/// <summary>A Windows of its own, by Wine, in a folder that goes with it.</summary>
internal sealed class Wine : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Makes it.</summary>
    /// <exception cref="TimeoutException">It does not come up.</exception>
    public Wine() => Run("winecfg", ["-v", "win10"], s_patience);

    /// <summary>Its folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("cnnviz-").FullName;

    /// <summary>Whether Wine can be started here.</summary>
    public static bool IsInstalled => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && Programs.Has("wine", "wineserver");

    /// <summary>The path by which Windows knows a file of this machine.</summary>
    public static string PathOf(string path) => @"Z:" + path.Replace('/', '\\');

    /// <summary>Runs a program.</summary>
    /// <returns>What it exits with, and what it wrote.</returns>
    /// <exception cref="TimeoutException">It does not end, and is killed.</exception>
    public (int Code, string Output, string Error) Run(string program, IEnumerable<string> arguments, TimeSpan limit)
    {
        using var wine = new ChildProcess("wine", [program, .. arguments], Environment);
        return wine.WaitForEnd(limit);
    }

    public void Dispose()
    {
        // Ends all that runs in it.
        using (var server = new ChildProcess("wineserver", ["--kill", "--wait"], Environment))
        {
            server.WaitForEnd(s_patience);
        }

        Directory.Delete(Folder, recursive: true);
    }

    private (string Name, string Value)[] Environment =>
    [
        ("WINEPREFIX", Folder),
        ("HOME", Folder),
        ("DISPLAY", string.Empty),
        ("WINEDEBUG", "-all"),

        // No browser and no menus. libtorch needs Microsoft's runtime rather than Wine's: in Wine's, exceptions leave objects behind.
        ("WINEDLLOVERRIDES", "mshtml,winemenubuilder.exe=;msvcp140,vcruntime140,vcruntime140_1=n"),

        // Wine has neither what OpenMP's library asks of processors nor memory that is mapped twice, as .NET does it.
        ("KMP_AFFINITY", "disabled"),
        ("DOTNET_EnableWriteXorExecute", "0"),
        ("PSModulePath", string.Empty),
        ("PSExecutionPolicyPreference", "Bypass"),
    ];
}
