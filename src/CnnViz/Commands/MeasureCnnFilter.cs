using System.Diagnostics;
using System.Management.Automation;
using CnnViz.Activations;
using CnnViz.Completion;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Measure-CnnFilter: layers or filters, and photos, to one object a filter: whether it is dead, a double, or shows several things.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "CnnFilter", DefaultParameterSetName = "Path")]
[OutputType(typeof(FilterStatistics))]
public sealed class MeasureCnnFilterCommand : PictureMeasurementCommand
{
    private readonly List<CnnFilter> _filters = [];

    /// <summary>The layers.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnLayer[] Layer { get; set; } = [];

    /// <summary>Filters of the layers by number; all, if none is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FilterCompleter))]
    public int[]? Filter { get; set; }

    /// <summary>Filters as Get-CnnFilter gives them.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnFilter[] InputObject { get; set; } = [];

    /// <summary>How many parts of photos tell what a filter shows.</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int Top { get; set; } = 16;

    private protected override void End()
    {
        base.End();
        foreach (IGrouping<CnnModel, CnnFilter> model in Pictures.Count == 0 ? [] : _filters.GroupBy(filter => filter.Model))
        {
            Measure(model.Key, [.. model]);
        }
    }

    private protected override bool GatherTargets(Func<string, bool> isNew)
    {
        foreach (CnnLayer layer in isNew(nameof(Layer)) ? Layer : [])
        {
            foreach (int filter in Filter ?? Enumerable.Range(0, layer.Filters))
            {
                this.Try(layer, () => _filters.Add(layer.GetFilter(filter)));
            }
        }

        if (isNew(nameof(InputObject)))
        {
            _filters.AddRange(InputObject);
        }

        return Layer.Length > 0 || InputObject.Length > 0;
    }

    private void Measure(CnnModel model, CnnFilter[] filters)
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
