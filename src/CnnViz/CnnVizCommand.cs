using System.Management.Automation;

namespace CnnViz;

/// <summary>
/// What all cmdlets are: a boundary at which every failure becomes an error record, a token that Ctrl+C cancels, and a writer of progress.
/// </summary>
public abstract class CnnVizCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private ProgressWriter? _progress;

    /// <summary>Cancelled when the pipeline is being stopped.</summary>
    internal CancellationToken Cancellation => _stopping.Token;

    /// <summary>Through which all progress goes.</summary>
    internal ProgressWriter Progress => _progress ??= new ProgressWriter(this, Cancellation);

    /// <summary>Full paths of the files that it has written.</summary>
    internal HashSet<string> Written { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc />
    public void Dispose()
    {
        Close();
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    protected sealed override void BeginProcessing() => Guard(Begin, ThrowTerminatingError);

    /// <inheritdoc />
    protected sealed override void ProcessRecord() => Guard(Process, WriteError);

    /// <inheritdoc />
    protected sealed override void EndProcessing() => Guard(End, WriteError);

    /// <inheritdoc />
    protected sealed override void StopProcessing() => _stopping.Cancel();

    /// <summary>Before the first object. What fails here ends the cmdlet.</summary>
    private protected virtual void Begin()
    {
    }

    /// <summary>For each object.</summary>
    private protected virtual void Process()
    {
    }

    /// <summary>After the last object.</summary>
    private protected virtual void End()
    {
    }

    /// <summary>When the cmdlet is done with, also where the pipeline ended early.</summary>
    private protected virtual void Close()
    {
    }

    /// <summary>Whether a parameter stands on the command line or comes with the object.</summary>
    private protected bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private void Guard(Action action, Action<ErrorRecord> report)
    {
        try
        {
            action();
        }
        catch (OperationCanceledException) when (Cancellation.IsCancellationRequested)
        {
            // PowerShell itself says so.
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            report(exception.ToErrorRecord(null));
        }
    }
}
