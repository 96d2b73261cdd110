namespace CnnViz.Tests;

/// <summary>Scripts in CnnViz.Shell, each in a process of its own.</summary>
internal static class ShellProcess
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a script to its end.</summary>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public static (int Code, string Output, string Error) Run(
        string path, string[] options, string[] arguments, params (string Name, string Value)[] environment)
    {
        using ChildProcess process = Start(path, options, arguments, environment);
        return process.WaitForEnd(s_limit);
    }

    /// <summary>Starts a script.</summary>
    public static ChildProcess Start(string path, string[] options, string[] arguments, params (string Name, string Value)[] environment)
    {
        string shell = Path.Combine(
            TestFiles.Root, "src", "CnnViz.Shell", "bin", TestFiles.Configuration, "net10.0", "CnnViz.Shell.dll");
        return new ChildProcess("dotnet", ["exec", shell, .. options, path, .. arguments], environment);
    }
}
