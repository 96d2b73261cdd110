using System.Diagnostics;

namespace CnnViz.Benchmarks;

/// <summary>A PowerShell that makes a share of a plan; the first one also merges what is there, as the scripts in examples/slurm do. It can be killed.</summary>
internal sealed class PlanProcess : IDisposable
{
    /// <summary>What it does, one after the other.</summary>
    public static readonly string[] Phases = ["start", "import", "pictures", "table", "atlas", "sheets", "end"];

    private readonly Process _process;
    private volatile string _phase = Phases[0];

    /// <summary>Starts it.</summary>
    /// <param name="manifest">The module.</param>
    /// <param name="plan">The plan's file.</param>
    /// <param name="folder">Where the pictures, the atlas and the sheets are to be.</param>
    /// <param name="index">Number of the share.</param>
    /// <param name="count">How many shares there are.</param>
    public PlanProcess(string manifest, string plan, string folder, int index, int count)
    {
        string script = $$"""
            $ErrorActionPreference = 'Stop'
            'import'
            Import-Module '{{manifest}}'
            Invoke-FilterPlan '{{plan}}' '{{folder}}' -ShardIndex {{index}} -ShardCount {{count}} | ForEach-Object { 'pictures' }
            if ({{index}} -gt 0) { 'end'; exit }
            'table'
            Get-FilterPlan '{{folder}}' -Result | Export-Csv '{{folder}}/results.csv'
            'atlas'
            Export-FilterAtlas '{{folder}}/atlas' -Plan '{{folder}}'
            'sheets'
            Export-FilterSheet '{{folder}}/sheets/' -Plan '{{folder}}' -GroupBy Layer -Force
            'end'
            """;
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-Command", script])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            },
        };
        _process.OutputDataReceived += (_, line) => _phase = Phases.Contains(line.Data) ? line.Data! : _phase;
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
    }

    /// <summary>Waits for its end.</summary>
    /// <exception cref="InvalidOperationException">It fails.</exception>
    public void WaitForEnd()
    {
        _process.WaitForExit();
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException($"It has exit code {_process.ExitCode}.");
        }
    }

    /// <summary>Kills it after a time (SIGKILL).</summary>
    /// <returns>What it was at; null if it had ended by itself.</returns>
    /// <exception cref="InvalidOperationException">It had failed.</exception>
    public async Task<string?> KillAfter(TimeSpan time)
    {
        Task end = _process.WaitForExitAsync();
        if (await Task.WhenAny(end, Task.Delay(time)) == end)
        {
            WaitForEnd();
            return null;
        }

        _process.Kill(entireProcessTree: true);
        await end;
        return _phase;
    }

    public void Dispose() => _process.Dispose();
}
