using System.Diagnostics;
using System.Management.Automation;
using CnnViz.Activations;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Measure-CnnFilter: layers or filters, and photos, to one object a filter: whether it is dead, a double, or shows several things.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "CnnFilter", DefaultParameterSetName = "Path")]
[OutputType(typeof(FilterStatistics))]
public sealed class MeasureCnnFilterCommand : FilterMeasurementCommand
{
    /// <summary>How many parts of photos tell what a filter shows.</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int Top { get; set; } = 16;

    private protected override void Measure(CnnModel model, CnnFilter[] filters)
    {
        var clock = Stopwatch.StartNew();
        string activity = $"Measuring filters of {model.Name}";
        var measurement = new FilterMeasurement(filters, BatchSize, Top);
        bool isDone = this.RunEngine<ImageActivations, MeasurementProgress>(
            model,
            activity,
            (progress, stop) => measurement.Run(Pictures, progress, stop),
            image => WriteError(image.Failure!.ToErrorRecord(image.Path)),
            progress => progress.ToRecord(activity, "photos"));
        if (isDone)
        {
            WriteObject(measurement.Statistics, enumerateCollection: true);
            WriteVerbose($"Measured {filters.Length} filters of '{model.Name}' on {Pictures.Count} photos in {clock.Elapsed.TotalSeconds:0.00} s.");
        }
    }
}
