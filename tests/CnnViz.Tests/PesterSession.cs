using System.IO.Pipes;
using System.Text.RegularExpressions;

namespace CnnViz.Tests;

/// <summary>A real PowerShell with Pester, which runs suites one after the other; a new one takes its place if it ends.</summary>
public sealed partial class PesterSession : IDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(15);

    private ChildProcess? _process;
    private StreamWriter? _requests;

    /// <summary>Runs a suite.</summary>
    /// <returns>How many of its tests passed, failed (with what failed outside of tests) and were skipped, and what it wrote.</returns>
    /// <exception cref="TimeoutException">It does not end.</exception>
    /// <exception cref="EndOfStreamException">PowerShell has ended before it.</exception>
    public (int Passed, int Failed, int Skipped, string Log) Run(string suite)
    {
        try
        {
            if (_process is null)
            {
                Start();
            }

            _requests!.WriteLine(suite);
            string log = _process!.WaitForLine(Counts(), s_limit);
            GroupCollection counts = Counts().Match(log).Groups;
            return (Number(1), Number(2), Number(3), log);

            int Number(int group) => int.Parse(counts[group].Value);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process?.Dispose();
        _process = null;
        _requests?.Dispose();
        _requests = null;
    }

    // Requests do not go through the standard input, which the programs that suites start would share.
    private void Start()
    {
        string name = $"cnnviz-{Guid.NewGuid():n}";
        var pipe = new NamedPipeServerStream(name, PipeDirection.Out);
        try
        {
            string script = Path.Combine(TestFiles.Root, "tests", "pester", "Invoke-Suite.ps1");
            _process = RealPowerShell.Start(["-File", script, "-Pester", RealPowerShell.Pester, "-PipeName", name], ("NO_COLOR", "1"));
            using var connection = new CancellationTokenSource(s_startLimit);
            pipe.WaitForConnectionAsync(connection.Token).Wait();
            _requests = new StreamWriter(pipe) { AutoFlush = true };
        }
        catch
        {
            pipe.Dispose();
            throw;
        }
    }

    [GeneratedRegex(@"^Suite: (\d+) passed, (\d+) failed, (\d+) skipped$", RegexOptions.Multiline)]
    private static partial Regex Counts();
}
