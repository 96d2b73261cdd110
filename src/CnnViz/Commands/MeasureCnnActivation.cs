using System.Diagnostics;
using System.Management.Automation;
using CnnViz.Activations;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Measure-CnnActivation: layers or filters, and images, to activations, to the patches that fire a filter most, or to maps of where it fires.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "CnnActivation", DefaultParameterSetName = "Path")]
[OutputType(typeof(FilterActivation), typeof(FilterPatch), typeof(FilterMap))]
public sealed class MeasureCnnActivationCommand : FilterMeasurementCommand
{
    /// <summary>How many images of each filter to put out, as pictures of what it saw.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int Top { get; set; }

    /// <summary>Puts out where in the images the filters fire, as maps over them.</summary>
    [Parameter]
    public SwitchParameter Map { get; set; }

    private protected override void Measure(CnnModel model, CnnFilter[] filters)
    {
        CnnFilter[] known = Map ? WithMaps(filters) : filters;
        if (known.Length == 0)
        {
            return;
        }

        TopActivations? top = IsGiven(nameof(Top)) ? new TopActivations(Top) : null;
        var clock = Stopwatch.StartNew();
        string activity = $"Measuring {model.Name}";
        bool isDone = this.RunEngine<object, MeasurementProgress>(
            model,
            activity,
            (progress, stop) => Results(new ActivationMeasurement(known, BatchSize, Map), top, model, progress, stop),
            Write,
            progress => progress.ToRecord(activity, "images"));
        if (isDone)
        {
            WriteVerbose(
                $"Measured {known.Length} filters of '{model.Name}' on {Pictures.Count} images in {clock.Elapsed.TotalSeconds:0.00} s.");
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
            foreach (object result in top is null || image.Failure is not null ? Results(image, model) : [])
            {
                yield return result;
            }
        }

        foreach ((FilterActivation activation, int rank) in top?.Best ?? [])
        {
            stop.ThrowIfCancellationRequested();
            yield return Read(activation.Path, () => Map ? FilterMap.Read(activation, rank, model) : FilterPatch.Read(activation, rank, model));
        }
    }

    private IEnumerable<object> Results(ImageActivations image, CnnModel model)
    {
        if (!Map || image.Failure is not null)
        {
            return [image];
        }

        object maps = Read(image.Path, () => FilterMap.Of(image, model));
        return maps is IEnumerable<FilterMap> all ? all : [maps];
    }

    private static object Read(string path, Func<object> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            return exception.ToErrorRecord(path);
        }
    }

    // An error for each layer without.
    private CnnFilter[] WithMaps(CnnFilter[] filters)
    {
        foreach (CnnLayer layer in filters.Select(filter => filter.Layer).Distinct().Where(layer => !layer.HasMaps))
        {
            var exception = new CnnVizException(
                "NoMap",
                $"Layer '{layer}' has no maps: it has one value for the whole image.",
                "Give an earlier layer; or use Measure-CnnAttribution, which tells where in the image the value comes from.");
            WriteError(exception.ToErrorRecord(layer));
        }

        return [.. filters.Where(filter => filter.Layer.HasMaps)];
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
