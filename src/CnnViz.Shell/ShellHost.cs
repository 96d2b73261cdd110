using System.Globalization;
using System.Management.Automation.Host;
using System.Reflection;

namespace CnnViz.Shell;

/// <summary>What the engine needs of its host.</summary>
/// <param name="output">Where output, warnings and verbose lines go.</param>
/// <param name="error">Where errors go, and progress.</param>
internal sealed class ShellHost(TextWriter output, TextWriter error) : PSHost
{
    /// <summary>What the script exits with; null if it did not say.</summary>
    public int? ExitCode { get; private set; }

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "CnnViz.Shell";

    public override PSHostUserInterface UI { get; } = new ShellUserInterface(output, error);

    public override Version Version => Assembly.GetExecutingAssembly().GetName().Version!;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new NotSupportedException("This shell runs scripts; it has no prompt.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("This shell runs scripts; it has no prompt.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
