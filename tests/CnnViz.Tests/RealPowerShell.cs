using System.ComponentModel;
using System.Reflection;

namespace CnnViz.Tests;

/// <summary>A real PowerShell: <c>pwsh</c> where it is on the path and new enough, else the .NET tool of the same name, which the build has restored.</summary>
internal static class RealPowerShell
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    private static readonly Lazy<bool> s_isInstalled = new(IsInstalled);

    /// <summary>The manifest of the Pester that the build has restored.</summary>
    public static string Pester => Metadata("Pester");

    /// <summary>Starts it without profiles and without questions.</summary>
    public static ChildProcess Start(IEnumerable<string> arguments, params (string Name, string Value)[] environment) => Start([], arguments, environment);

    /// <summary>Starts it within another program, such as one that takes the network away.</summary>
    /// <param name="within">That program and its arguments; may be empty.</param>
    /// <param name="arguments">PowerShell's.</param>
    /// <param name="environment">Variables of its environment.</param>
    public static ChildProcess Start(string[] within, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        string[] all = ["-NoProfile", "-NonInteractive", .. arguments];
        if (s_isInstalled.Value)
        {
            return Run([.. within, "pwsh", .. all], environment);
        }

        // Scripts find the tool's own pwsh on the path, and that program finds .NET here, wherever it is installed.
        string dotnet = Environment.ProcessPath!;
        string assembly = Path.Combine(Metadata("PowerShell"), OperatingSystem.IsWindows() ? "win" : "unix", "pwsh.dll");
        return Run([.. within, dotnet, "exec", assembly, .. all], [("DOTNET_ROOT", Path.GetDirectoryName(dotnet)!), .. environment]);
    }

    private static ChildProcess Run(string[] command, (string Name, string Value)[] environment) => new(command[0], command[1..], environment);

    private static bool IsInstalled()
    {
        try
        {
            using var pwsh = new ChildProcess("pwsh", ["-NoProfile", "-NonInteractive", "-Command", "$PSVersionTable.PSVersion -ge '7.4'"]);
            return pwsh.WaitForEnd(s_limit).Output == "True\n";
        }
        catch (Exception exception) when (exception is Win32Exception or TimeoutException)
        {
            return false;
        }
    }

    private static string Metadata(string key) => typeof(RealPowerShell).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
