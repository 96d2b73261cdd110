using System.Management.Automation;
using CnnViz.Ascent;

namespace CnnViz;

/// <summary>How cmdlets run the engine and write what comes of it.</summary>
internal static class EngineCalls
{
    /// <summary>
    /// Runs through a sequence on a thread of its own. A failure becomes one error record, a stop of the pipeline nothing, and progress is
    /// completed in the end.
    /// </summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="target">What an error is about.</param>
    /// <param name="activity">What progress is about.</param>
    /// <param name="make">Makes the sequence; called, and enumerated, on the engine's thread.</param>
    /// <param name="write">Called for each item on the pipeline's thread.</param>
    /// <param name="show">Makes a record of a report of progress, or null where it is not to be shown.</param>
    /// <param name="place">Puts records in their place below others; null where there are none above.</param>
    /// <returns>Whether it ran to its end.</returns>
    public static bool RunEngine<TItem, TReport>(
        this CnnVizCommand cmdlet,
        object? target,
        string activity,
        Func<IProgress<TReport>, CancellationToken, IEnumerable<TItem>> make,
        Action<TItem> write,
        Func<TReport, ProgressRecord?> show,
        Func<ProgressRecord, ProgressRecord>? place = null)
    {
        place ??= record => record;
        try
        {
            new PipelineWorker(cmdlet.Cancellation).Run(make, write, Report);
            return true;
        }
        catch (OperationCanceledException) when (cmdlet.Cancellation.IsCancellationRequested)
        {
            // The pipeline is being stopped; PowerShell says so itself.
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            cmdlet.WriteError(exception.ToErrorRecord(target));
        }
        finally
        {
            cmdlet.Progress.Complete(place(new ProgressRecord(0, activity, "Done")).ActivityId);
        }

        return false;

        void Report(TReport report)
        {
            if (show(report) is { } record)
            {
                cmdlet.Progress.Write(place(record));
            }
        }
    }

    /// <summary>Does one piece of work on a thread of its own, and waits for its end.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="activity">What progress is about.</param>
    /// <param name="work">The work.</param>
    /// <param name="show">Makes a record of a report of progress.</param>
    /// <exception cref="PipelineStoppedException">The pipeline is being stopped.</exception>
    public static void RunWork<TReport>(
        this CnnVizCommand cmdlet, string activity, Action<IProgress<TReport>, CancellationToken> work, Func<TReport, ProgressRecord> show)
    {
        IEnumerable<bool> Make(IProgress<TReport> progress, CancellationToken stop)
        {
            work(progress, stop);
            yield break;
        }

        try
        {
            new PipelineWorker(cmdlet.Cancellation).Run<bool, TReport>(Make, _ => { }, progress => cmdlet.Progress.Write(show(progress)));
        }
        catch (OperationCanceledException) when (cmdlet.Cancellation.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            cmdlet.Progress.Complete(0);
        }
    }

    /// <summary>Runs ascents of one part of what the pipeline brings, with progress below that of all parts, and writes their pictures.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="parts">Progress over all parts.</param>
    /// <param name="part">The part's name, and how many there are where that is known.</param>
    /// <param name="target">What an error is about.</param>
    /// <param name="activity">What the part's progress is about.</param>
    /// <param name="ascend">Makes the pictures.</param>
    /// <param name="show">Makes a record of a report of progress.</param>
    public static void RunPart<TReport>(
        this CnnVizCommand cmdlet,
        PartProgress parts,
        (string Name, int? Total) part,
        object target,
        string activity,
        Func<IProgress<TReport>, CancellationToken, IEnumerable<FilterImage>> ascend,
        Func<TReport, ProgressRecord> show)
    {
        Func<ProgressRecord, ProgressRecord> place = parts.Begin(part.Name, part.Total);
        bool goesOn = false;
        try
        {
            cmdlet.RunEngine(target, activity, ascend, Write, show, place);
            goesOn = true;
        }
        finally
        {
            // As behind Select-Object -First: nothing else of the cmdlet is called any more.
            if (!goesOn)
            {
                parts.Complete();
            }
        }

        void Write(FilterImage image)
        {
            parts.AddPicture();
            cmdlet.WriteImage(image);
        }
    }

    /// <summary>Writes a picture, with a warning if it shows nothing.</summary>
    public static void WriteImage(this Cmdlet cmdlet, FilterImage image)
    {
        if (image.WhyNoSignal is { } reason)
        {
            cmdlet.WriteWarning($"'{image.Objective}' has no picture ({image.Status}): {reason}.");
        }

        cmdlet.WriteVerbose($"{image} after {image.Activations.Count} steps in {image.Elapsed.TotalSeconds:0.00} s.");
        cmdlet.WriteObject(image);
    }
}
