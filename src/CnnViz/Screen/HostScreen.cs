using System.Management.Automation;
using System.Management.Automation.Host;
using CnnViz.Showing.Terminal;

namespace CnnViz.Screen;

/// <summary>The screen that a session's host writes to.</summary>
/// <param name="cmdlet">A cmdlet of the session.</param>
internal sealed class HostScreen(PSCmdlet cmdlet)
{
    // Hosts that write to the process's own console.
    private static readonly string[] s_consoleHosts = ["ConsoleHost"];

    // What is left of a window whose size the host does not know.
    private const int UsualColumns = 80;
    private const int UsualRows = 24;

    private readonly PSHost _host = cmdlet.Host;

    /// <summary>Whether nobody sees what is written: output goes to a file or to another program.</summary>
    public bool IsRedirected => _host.UI is null || (Console.IsOutputRedirected && (IsConsole || !_host.UI.SupportsVirtualTerminal));

    /// <summary>Whether escape sequences do not reach the screen, or colours are not wanted.</summary>
    public bool IsPlain => RendersPlainText || TerminalSupport.IsPlain(Environment.GetEnvironmentVariable);

    /// <summary>Whether the host takes escape sequences out of what it writes.</summary>
    public bool RendersPlainText =>
        !_host.UI.SupportsVirtualTerminal
        || (cmdlet.SessionState.PSVariable.GetValue("PSStyle") is { } style
            && PSObject.AsPSObject(style).Properties["OutputRendering"]?.Value?.ToString() == "PlainText");

    /// <summary>Asks the terminal what it can do, once in a process; only where it is the console of this process.</summary>
    public TerminalAnswer Ask() =>
        IsConsole && TerminalSupport.IsWorthAsking(Environment.GetEnvironmentVariable) ? TerminalQuestion.Ask(Write) : TerminalAnswer.None;

    /// <summary>Columns that a line can have without being broken, and rows.</summary>
    public (int Columns, int Rows) Size()
    {
        try
        {
            Size window = _host.UI.RawUI.WindowSize;
            Size buffer = _host.UI.RawUI.BufferSize;
            int columns = window.Width > 0 ? window.Width : buffer.Width;
            return (columns > 1 ? columns - 1 : UsualColumns, window.Height > 0 ? window.Height : UsualRows);
        }
        catch (Exception exception) when (exception is HostException or NotImplementedException or NotSupportedException or PSNotImplementedException)
        {
            return (UsualColumns, UsualRows);
        }
    }

    /// <summary>Cells that a text takes.</summary>
    public int Measure(string text)
    {
        try
        {
            return _host.UI.RawUI.LengthInBufferCells(text);
        }
        catch (Exception exception) when (exception is HostException or NotImplementedException or NotSupportedException or PSNotImplementedException)
        {
            return text.Length;
        }
    }

    /// <summary>Writes to the screen, and nowhere else: what it is does not go through the pipeline.</summary>
    public void Write(string text) => _host.UI.Write(text);

    private bool IsConsole => s_consoleHosts.Contains(_host.Name);
}
