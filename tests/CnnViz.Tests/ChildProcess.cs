using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace CnnViz.Tests;

/// <summary>A process that ends with the test, whatever happens.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private int _read;
    private bool _ended;

    /// <summary>Starts it. It has no input.</summary>
    /// <exception cref="Win32Exception">There is no such program.</exception>
    public ChildProcess(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>Waits for a line of its output.</summary>
    /// <returns>What it wrote since the last such line, this one included.</returns>
    /// <exception cref="TimeoutException">The line does not come.</exception>
    /// <exception cref="EndOfStreamException">The output ends without it.</exception>
    public string WaitForLine(Regex line, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        lock (_output)
        {
            while (true)
            {
                string text = _output.ToString(_read, _output.Length - _read);
                if (line.Match(text) is { Success: true } found)
                {
                    int end = text.IndexOf('\n', found.Index + found.Length) + 1;
                    _read += end;
                    return text[..end];
                }

                if (_ended)
                {
                    throw new EndOfStreamException($"It has ended.\n{text}\n{Text(_error)}");
                }

                TimeSpan left = limit - clock.Elapsed;
                if (left <= TimeSpan.Zero || !Monitor.Wait(_output, left))
                {
                    throw new TimeoutException($"After {limit} there is no such line.\n{text}\n{Text(_error)}");
                }
            }
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>What it exits with and what it wrote, lines ended by a line feed.</returns>
    /// <exception cref="TimeoutException">It does not end, and is killed with all that it started; or it has ended, and something that it started
    /// holds its output. The message has what it wrote.</exception>
    public (int Code, string Output, string Error) WaitForEnd(TimeSpan limit)
    {
        // Also until all that it wrote is there, which may be never where something that it started lives on.
        if (!_process.WaitForExitAsync().Wait(limit))
        {
            Kill();
            throw new TimeoutException($"After {limit} it has not ended.\n{Text(_output)}\n{Text(_error)}");
        }

        return (_process.ExitCode, Text(_output), Text(_error));
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    private void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            if (line is not null)
            {
                text.Append(line).Append('\n');
            }
            else if (text == _output)
            {
                _ended = true;
            }

            Monitor.PulseAll(text);
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
