using System.ComponentModel;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace CnnViz.Tests;

/// <summary>The Pester suites, in a real PowerShell, where there is one.</summary>
public sealed class PesterTests(ITestOutputHelper output)
{
    // Of all suites, and of a question.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_shortLimit = TimeSpan.FromMinutes(1);

    [SkippableFact]
    public void All_suites_pass()
    {
        Skip.IfNot(
            Try("(Get-Module Pester -ListAvailable).Version.Major -contains 5", s_shortLimit, out string found) && found.Contains("True"),
            "There is no pwsh with Pester 5 on this machine.");

        string suites = Path.Combine(TestFiles.Root, "tests", "pester");
        Try($"$PSStyle.OutputRendering = 'PlainText'; Invoke-Pester -Path '{suites}' -Output Detailed", s_limit, out string log);
        output.WriteLine(log);

        Match counts = Regex.Match(log, @"Tests Passed: (?<passed>\d+), Failed: (?<failed>\d+)");
        Assert.True(counts.Success, log);
        Assert.Equal("0", counts.Groups["failed"].Value);
        Assert.NotEqual("0", counts.Groups["passed"].Value);
        Assert.DoesNotContain("Container failed", log);
    }

    private static bool Try(string script, TimeSpan limit, out string output)
    {
        try
        {
            using var pwsh = new ChildProcess("pwsh", ["-NoProfile", "-NonInteractive", "-Command", script], ("NO_COLOR", "1"));
            (int code, string written, string error) = pwsh.WaitForEnd(limit);
            output = written + error;
            return code == 0;
        }
        catch (Win32Exception)
        {
            output = string.Empty;
            return false;
        }
    }
}
