using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace CnnViz.Tests;

/// <summary>The Pester suites, in a real PowerShell, where there is one.</summary>
public sealed class PesterTests(ITestOutputHelper output)
{
    [SkippableFact]
    public void All_suites_pass()
    {
        Skip.IfNot(
            Try("(Get-Module Pester -ListAvailable).Version.Major -contains 5", out string found) && found.Contains("True"),
            "There is no pwsh with Pester 5 on this machine.");

        string suites = Path.Combine(TestFiles.Root, "tests", "pester");
        Try($"$PSStyle.OutputRendering = 'PlainText'; Invoke-Pester -Path '{suites}' -Output Detailed", out string log);
        output.WriteLine(log);

        Match counts = Regex.Match(log, @"Tests Passed: (?<passed>\d+), Failed: (?<failed>\d+)");
        Assert.True(counts.Success, log);
        Assert.Equal("0", counts.Groups["failed"].Value);
        Assert.NotEqual("0", counts.Groups["passed"].Value);
        Assert.DoesNotContain("Container failed", log);
    }

    private static bool Try(string script, out string output)
    {
        output = string.Empty;
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-Command", script])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["NO_COLOR"] = "1" },
            })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            output = process.StandardOutput.ReadToEnd() + error.Result;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
