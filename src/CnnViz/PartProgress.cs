using System.Diagnostics;
using System.Management.Automation;

namespace CnnViz;

/// <summary>
/// Progress over what comes through the pipeline part by part, such as layers: a record above that of the part which is at work. While parts
/// stream, nobody knows how many there will be; so it says how many are done, and comes only with the second.
/// </summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="activity">What progress is about.</param>
/// <param name="noun">What a part is, such as <c>layer</c>.</param>
internal sealed class PartProgress(CnnVizCommand cmdlet, string activity, string noun)
{
    // Number of the record below; it is 0 as long as there is none above.
    private const int PartId = 1;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private string? _name;
    private int _parts;
    private int _pictures;
    private bool _isShown;

    /// <summary>Counts a picture that has been made.</summary>
    public void AddPicture() => _pictures++;

    /// <summary>Begins a part, or goes on with the last one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="total">How many parts there are, where that is known.</param>
    /// <returns>Makes a record one of this part.</returns>
    public Func<ProgressRecord, ProgressRecord> Begin(string name, int? total)
    {
        _isShown |= _name is not null || total > 1;
        _parts += name == _name ? 0 : 1;
        _name = name;
        if (!_isShown)
        {
            return record => record;
        }

        string done = total is { } known ? $"{_parts - 1} of {Count(known, noun)}" : Count(_parts - 1, noun);
        cmdlet.Progress.Write(new ProgressRecord(0, activity, $"{done} done, {Count(_pictures, "picture")} made; now {name}")
        {
            PercentComplete = total is { } all ? Math.Min(100, 100 * (_parts - 1) / all) : -1,
        });
        return record => new ProgressRecord(PartId, record.Activity, record.StatusDescription)
        {
            ParentActivityId = 0,
            PercentComplete = record.PercentComplete,
            SecondsRemaining = record.SecondsRemaining,
            RecordType = record.RecordType,
        };
    }

    /// <summary>Takes the record away.</summary>
    public void Complete()
    {
        if (_isShown)
        {
            _isShown = false;
            cmdlet.Progress.Complete(0);
        }
    }

    /// <summary>Takes the record away, and says what was done.</summary>
    public void End()
    {
        Complete();
        cmdlet.WriteVerbose($"Made {Count(_pictures, "picture")} of {Count(_parts, noun)} in {_clock.Elapsed.TotalSeconds:0.00} s.");
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
