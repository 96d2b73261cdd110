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
    /// <param name="show">Makes a record of a report of progress.</param>
    /// <param name="stopping">The cmdlet's token.</param>
    /// <param name="place">Puts records in their place below others; null where there are none above.</param>
    /// <returns>Whether it ran to its end.</returns>
    public static bool RunEngine<TItem, TReport>(
        this Cmdlet cmdlet,
        object target,
        string activity,
        Func<IProgress<TReport>, CancellationToken, IEnumerable<TItem>> make,
        Action<TItem> write,
        Func<TReport, ProgressRecord> show,
        CancellationToken stopping,
        Func<ProgressRecord, ProgressRecord>? place = null)
    {
        place ??= record => record;
        try
        {
            new PipelineWorker(stopping).Run(make, write, report => cmdlet.WriteProgress(place(show(report))));
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The pipeline is being stopped; PowerShell says so itself.
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            cmdlet.WriteError(exception.ToErrorRecord(target));
        }
        finally
        {
            if (!stopping.IsCancellationRequested)
            {
                cmdlet.WriteProgress(place(new ProgressRecord(0, activity, "Done") { RecordType = ProgressRecordType.Completed }));
            }
        }

        return false;
    }

    /// <summary>Runs ascents of one part of what the pipeline brings, with progress below that of all parts, and writes their pictures.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="parts">Progress over all parts.</param>
    /// <param name="part">The part's name, and how many there are where that is known.</param>
    /// <param name="target">What an error is about.</param>
    /// <param name="activity">What the part's progress is about.</param>
    /// <param name="ascend">Makes the pictures.</param>
    /// <param name="show">Makes a record of a report of progress.</param>
    /// <param name="stopping">The cmdlet's token.</param>
    public static void RunPart<TReport>(
        this Cmdlet cmdlet,
        PartProgress parts,
        (string Name, int? Total) part,
        object target,
        string activity,
        Func<IProgress<TReport>, CancellationToken, IEnumerable<FilterImage>> ascend,
        Func<TReport, ProgressRecord> show,
        CancellationToken stopping)
    {
        Func<ProgressRecord, ProgressRecord> place = parts.Begin(part.Name, part.Total);
        bool goesOn = false;
        try
        {
            cmdlet.RunEngine(target, activity, ascend, Write, show, stopping, place);
            goesOn = true;
        }
        finally
        {
            // As behind Select-Object -First: nothing else of the cmdlet is called any more.
            if (!goesOn && !stopping.IsCancellationRequested)
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
