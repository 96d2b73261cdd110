using System.Diagnostics;

namespace CnnViz.Tests.Import;

/// <summary>Links and pipes among files.</summary>
internal static class Links
{
    /// <summary>Makes a link to a file or folder; skips the test where the user may not.</summary>
    public static void Make(string path, string target)
    {
        try
        {
            string full = Path.GetFullPath(target, Path.GetDirectoryName(path)!);
            _ = Directory.Exists(full) ? Directory.CreateSymbolicLink(path, target) : File.CreateSymbolicLink(path, target);
        }
        catch (Exception exception) when (OperatingSystem.IsWindows() && exception is IOException or UnauthorizedAccessException)
        {
            Skip.If(true, "Windows lets only some users make links.");
        }
    }

    /// <summary>Makes a named pipe: who opens it to read waits for somebody who writes.</summary>
    public static void MakePipe(string path)
    {
        using Process process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
