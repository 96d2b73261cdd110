using System.Diagnostics;
using System.Management.Automation;
using CnnViz.Activations;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Measure-CnnActivation: layers or filters, and images, to activations or to the patches that fire a filter most.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "CnnActivation", DefaultParameterSetName = "Path")]
[OutputType(typeof(FilterActivation), typeof(FilterPatch))]
public sealed class MeasureCnnActivationCommand : FilterMeasurementCommand
{
    /// <summary>How many images of each filter to put out, as pictures of what it saw.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int Top { get; set; }

    private protected override void Measure(CnnModel model, CnnFilter[] filters)
    {
        TopActivations? top = IsGiven(nameof(Top)) ? new TopActivations(Top) : null;
        var clock = Stopwatch.StartNew();
        string activity = $"Measuring {model.Name}";
        bool isDone = this.RunEngine<object, MeasurementProgress>(
            model,
            activity,
            (progress, stop) => Results(new ActivationMeasurement(filters, BatchSize), top, model, progress, stop),
            Write,
            progress => progress.ToRecord(activity, "images"));
        if (isDone)
        {
            WriteVerbose(
                $"Measured {filters.Length} filters of '{model.Name}' on {Pictures.Count} images in {clock.Elapsed.TotalSeconds:0.00} s.");
        }
    }

    // On the worker's thread: images, or the failures among them and then the patches.
    private IEnumerable<object> Results(
        ActivationMeasurement measurement,
        TopActivations? top,
        CnnModel model,
        IProgress<MeasurementProgress> progress,
        CancellationToken stop)
    {
        foreach (ImageActivations image in measurement.Run(Pictures, progress, stop))
        {
            top?.Add(image);
            if (top is null || image.Failure is not null)
            {
                yield return image;
            }
        }

        foreach ((FilterActivation activation, int rank) in top?.Best ?? [])
        {
            stop.ThrowIfCancellationRequested();
            yield return ReadPatch(activation, rank, model);
        }
    }

    private static object ReadPatch(FilterActivation activation, int rank, CnnModel model)
    {
        try
        {
            return FilterPatch.Read(activation, rank, model);
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            return exception.ToErrorRecord(activation.Path);
        }
    }

    private void Write(object result)
    {
        switch (result)
        {
            case ImageActivations { Failure: { } failure } image:
                WriteError(failure.ToErrorRecord(image.Path));
                break;
            case ImageActivations image:
                WriteObject(image.Activations, enumerateCollection: true);
                break;
            case ErrorRecord error:
                WriteError(error);
                break;
            default:
                WriteObject(result);
                break;
        }
    }
}
