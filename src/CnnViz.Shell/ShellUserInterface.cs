using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;

namespace CnnViz.Shell;

/// <summary>Writes the streams as pwsh does: all to standard output, errors to standard error. Nothing is ever asked.</summary>
internal sealed class ShellUserInterface(TextWriter output, TextWriter error) : PSHostUserInterface
{
    private int _progressLength;

    public override bool SupportsVirtualTerminal => !Console.IsOutputRedirected;

    public override PSHostRawUserInterface RawUI { get; } = new ShellRawUserInterface();

    public override void Write(string value)
    {
        ClearProgress();
        output.Write(Plain(value, Console.IsOutputRedirected));
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value)
    {
        ClearProgress();
        output.WriteLine(Plain(value, Console.IsOutputRedirected));
    }

    public override void WriteErrorLine(string value)
    {
        ClearProgress();
        error.WriteLine(Plain(value, Console.IsErrorRedirected));
    }

    public override void WriteDebugLine(string message) => WriteLine($"DEBUG: {message}");

    public override void WriteVerboseLine(string message) => WriteLine($"VERBOSE: {message}");

    public override void WriteWarningLine(string message) => WriteLine($"WARNING: {message}");

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        if (Console.IsErrorRedirected)
        {
            return;
        }

        ClearProgress();
        if (record.RecordType == ProgressRecordType.Completed)
        {
            return;
        }

        string left = record.SecondsRemaining >= 0 ? $", {TimeSpan.FromSeconds(record.SecondsRemaining):h\\:mm\\:ss} left" : string.Empty;
        string line = $"{record.Activity}: {record.StatusDescription}{left}";
        int width = Math.Max(20, RawUI.BufferSize.Width - 1);
        line = line.Length > width ? line[..width] : line;
        error.Write(line);
        error.Flush();
        _progressLength = line.Length;
    }

    public override string ReadLine() => throw NotInteractive();

    public override SecureString ReadLineAsSecureString() => throw NotInteractive();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw NotInteractive($"{caption} {message} {string.Join(", ", descriptions.Select(field => field.Name))}");

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        throw NotInteractive($"{caption} {message}");

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw NotInteractive(message);

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) => throw NotInteractive(message);

    private static PSInvalidOperationException NotInteractive(string? asked = null) =>
        new($"This shell runs scripts unattended and cannot ask.{(asked is null ? string.Empty : $" Asked was: {asked.Trim()}")}");

    private static string Plain(string text, bool isRedirected) =>
        isRedirected ? new StringDecorated(text).ToString(OutputRendering.PlainText) : text;

    private void ClearProgress()
    {
        if (_progressLength > 0)
        {
            error.Write($"\r{new string(' ', _progressLength)}\r");
            _progressLength = 0;
        }
    }
}
