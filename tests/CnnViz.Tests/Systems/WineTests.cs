using System.Globalization;

namespace CnnViz.Tests.Systems;

/// <summary>The module for Windows makes the pictures that the module for this machine makes.</summary>
[Collection(CrossBuildCollection.Name)]
public sealed class WineTests(CrossBuilds builds) : IDisposable
{
    // A few steps go through everything, and rounding, which differs, has hardly grown yet.
    private const int Steps = 2;
    private const double Tolerance = 0.02;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(6);

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void The_first_look_for_Windows_shows_in_Wine_what_this_machine_shows()
    {
        Skip.IfNot(Wine.IsInstalled, "Wine is not on the path.");
        string script = Path.Combine(builds.Of("win-x64"), "examples", "first-look.ps1");
        Directory.CreateDirectory(Path.GetDirectoryName(script)!);
        File.Copy(Path.Combine(TestFiles.Root, "examples", "first-look.ps1"), script);
        string host = Path.Combine("tests", "CnnViz.ScriptHost");
        DotNet.Build(host);
        string program = Path.Combine(TestFiles.Root, host, "bin", TestFiles.Configuration, "net10.0", "win-x64", "CnnViz.ScriptHost.exe");
        using (var wine = new Wine())
        {
            (int code, string output, string error) = wine.Run(program, [Command(Wine.PathOf(script), Wine.PathOf(InFolder("windows")))], s_limit);
            Assert.True(code == 0, output + error);
        }

        List<Picture> theirs = Read("windows");
        Run(Command(Path.Combine(TestFiles.Root, "examples", "first-look.ps1"), InFolder("here")));
        List<Picture> ours = Read("here");

        Assert.True(File.Exists(Path.Combine(InFolder("windows"), "contact-sheet.png")));
        Assert.True(ours.Count > 100, $"There are only {ours.Count} pictures.");
        Assert.Equal(ours.Select(picture => picture.Name), theirs.Select(picture => picture.Name));
        Assert.All(ours.Zip(theirs), pair => Assert.InRange(
            pair.Second.Activation, pair.First.Activation - pair.First.Room, pair.First.Activation + pair.First.Room));
    }

    [SkippableFact]
    public void A_program_that_does_not_end_ends_with_the_test_and_so_does_Wine()
    {
        Skip.IfNot(Wine.IsInstalled, "Wine is not on the path.");
        string folder;
        using (var wine = new Wine())
        {
            folder = wine.Folder;
            Assert.Throws<TimeoutException>(() => wine.Run("ping", ["-n", "600", "127.0.0.1"], TimeSpan.FromSeconds(3)));
        }

        Assert.DoesNotContain(Directory.GetDirectories("/proc"), process => EnvironmentOf(process).Contains(folder));
        Assert.False(Directory.Exists(folder));
    }

    private static string EnvironmentOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    private static string Command(string script, string folder) => $"& '{script}' -Destination '{folder}' -Steps {Steps}";

    private string InFolder(string name) => Path.Combine(_folder, name);

    // Read here, wherever they were made.
    private List<Picture> Read(string folder) =>
    [
        .. Run($"Import-Module '{Path.Combine(TestFiles.Root, "CnnViz.psd1")}'; Import-FilterImage '{InFolder(folder)}/layers', '{InFolder(folder)}/classes' | ForEach-Object "
            + "{ '{0}:{1} {2:r}' -f $_.Layer, $_.Filter, $_.Activation }")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Select(parts => new Picture(parts[0], double.Parse(parts[1], CultureInfo.InvariantCulture))),
    ];

    private static string Run(string command)
    {
        using ChildProcess pwsh = RealPowerShell.Start(["-Command", command]);
        (int code, string output, string error) = pwsh.WaitForEnd(s_limit);
        Assert.True(code == 0, output + error);
        return output;
    }

    private sealed record Picture(string Name, double Activation)
    {
        public double Room => Tolerance * Math.Max(1, Math.Abs(Activation));
    }
}
