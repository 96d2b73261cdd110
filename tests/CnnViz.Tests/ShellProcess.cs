using System.Diagnostics;

namespace CnnViz.Tests;

/// <summary>Scripts in CnnViz.Shell, each in a process of its own.</summary>
internal static class ShellProcess
{
    /// <summary>Runs a script to its end.</summary>
    public static (int Code, string Output, string Error) Run(
        string path, string[] options, string[] arguments, params (string Name, string Value)[] environment)
    {
        using Process process = Start(path, options, arguments, environment);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.ReplaceLineEndings("\n"), error.Result);
    }

    /// <summary>Starts a script.</summary>
    public static Process Start(string path, string[] options, string[] arguments, params (string Name, string Value)[] environment)
    {
        string shell = Path.Combine(
            TestFiles.Root, "src", "CnnViz.Shell", "bin", TestFiles.Configuration, "net10.0", "CnnViz.Shell.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", shell, .. options, path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
