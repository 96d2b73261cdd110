using System.Management.Automation;

namespace CnnViz;

/// <summary>One piece of work of a cmdlet on a thread of its own, with progress, until the pipeline is stopped.</summary>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class CmdletWork(Cmdlet cmdlet) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Ends what is under way.</summary>
    public void Stop() => _stopping.Cancel();

    /// <summary>Does the work, and waits for its end.</summary>
    /// <param name="activity">What progress is about.</param>
    /// <param name="work">The work.</param>
    /// <param name="show">Makes a record of a report of progress.</param>
    /// <exception cref="PipelineStoppedException">The pipeline is being stopped.</exception>
    public void Run<TReport>(string activity, Action<IProgress<TReport>, CancellationToken> work, Func<TReport, ProgressRecord> show)
    {
        IEnumerable<bool> Make(IProgress<TReport> progress, CancellationToken stop)
        {
            work(progress, stop);
            yield break;
        }

        try
        {
            new PipelineWorker(_stopping.Token).Run<bool, TReport>(Make, _ => { }, progress => cmdlet.WriteProgress(show(progress)));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            if (!_stopping.IsCancellationRequested)
            {
                cmdlet.WriteProgress(new ProgressRecord(0, activity, "Done") { RecordType = ProgressRecordType.Completed });
            }
        }
    }

    public void Dispose() => _stopping.Dispose();
}
