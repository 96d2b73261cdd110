using System.Diagnostics;
using System.Management.Automation;

namespace CnnViz;

/// <summary>
/// The one way to the host's progress: few records, because a host may take long to show one, and none once the pipeline is being stopped. For
/// the pipeline's thread.
/// </summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="stopping">The cmdlet's token.</param>
internal sealed class ProgressWriter(Cmdlet cmdlet, CancellationToken stopping)
{
    /// <summary>The least time between two records: five a second.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // What is on the screen, and what waits to be shown, by the numbers of their activities.
    private readonly Dictionary<int, ProgressRecord> _shown = [];
    private readonly SortedDictionary<int, ProgressRecord> _waiting = [];
    private long _last;

    /// <summary>Shows a record, unless another one was shown just before; the newest of an activity waits for the next time, those above first.</summary>
    public void Write(ProgressRecord record)
    {
        _waiting[record.ActivityId] = record;
        if (stopping.IsCancellationRequested || (_last != 0 && Stopwatch.GetElapsedTime(_last) < Pause))
        {
            return;
        }

        (int number, ProgressRecord next) = _waiting.First();
        _waiting.Remove(number);
        _shown[number] = next;
        Send(next);
    }

    /// <summary>Takes an activity's record away, if it was shown.</summary>
    public void Complete(int number)
    {
        _waiting.Remove(number);
        if (_shown.Remove(number, out ProgressRecord? shown) && !stopping.IsCancellationRequested)
        {
            Send(new ProgressRecord(number, shown.Activity, "Done")
            {
                ParentActivityId = shown.ParentActivityId,
                RecordType = ProgressRecordType.Completed,
            });
        }
    }

    private void Send(ProgressRecord record)
    {
        _last = Stopwatch.GetTimestamp();
        cmdlet.WriteProgress(record);
    }
}
