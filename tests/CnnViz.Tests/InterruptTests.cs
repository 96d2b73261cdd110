using System.Text.RegularExpressions;

namespace CnnViz.Tests;

/// <summary>Ctrl+C in a real PowerShell.</summary>
public sealed partial class InterruptTests
{
    [SkippableFact]
    public void Ctrl_C_stops_an_ascent_at_once()
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        Skip.If(IgnoresInterrupts(), "Whoever started the tests has them ignore Ctrl+C, and what they start inherits that.");
        string manifest = Path.Combine(TestFiles.Root, "CnnViz.psd1");

        // A short ascent before it: the long one is at work as soon as it is asked for. pwsh on the path may be a program that starts another.
        using ChildProcess pwsh = RealPowerShell.Start(
            ["-Command", $$"""
                Import-Module '{{manifest}}'
                $layer = Import-CnnModel patterns | Get-CnnLayer conv1
                $null = $layer | Invoke-FilterMaximization 0 -Steps 1 -Size 256
                "I am $PID"
                $layer | Invoke-FilterMaximization -Steps 1000000 -Size 256
                'never'
                """]);
        string started = pwsh.WaitForLine(Started(), TimeSpan.FromMinutes(2));
        Thread.Sleep(TimeSpan.FromSeconds(1));

        using (var kill = new ChildProcess("kill", ["-INT", Started().Match(started).Groups[1].Value]))
        {
            Assert.Equal(0, kill.WaitForEnd(TimeSpan.FromSeconds(10)).Code);
        }

        // The ascent by itself would take hours.
        (_, string output, _) = pwsh.WaitForEnd(TimeSpan.FromSeconds(20));
        Assert.Equal(started, output);
    }

    // Shells start programs in the background so.
    private static bool IgnoresInterrupts()
    {
        const string Ignored = "SigIgn:";
        const int Interrupt = 2;
        string? mask = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) : null;
        return mask is not null && (Convert.ToUInt64(mask[Ignored.Length..].Trim(), 16) >> (Interrupt - 1) & 1) == 1;
    }

    [GeneratedRegex(@"^I am (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Started();
}
