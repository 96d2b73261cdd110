using System.Diagnostics;
using System.Management.Automation;
using CnnViz.Activations;
using CnnViz.Imaging;
using CnnViz.Models;

namespace CnnViz.Commands;

/// <summary>Measure-CnnActivation: layers or filters, and images, to activations or to the patches that fire a filter most.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "CnnActivation", DefaultParameterSetName = "Path")]
[OutputType(typeof(FilterActivation), typeof(FilterPatch))]
public sealed class MeasureCnnActivationCommand : PathCommand, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<CnnFilter> _filters = [];
    private readonly List<string> _images = [];
    private readonly HashSet<string> _known = [];

    // What stands on the command line stays the same for every object of the pipeline.
    private HashSet<string> _given = [];
    private bool _isAsked;
    private bool _hasRun;

    /// <summary>Pictures and folders of pictures, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public override string[] Path { get; set; } = [];

    /// <summary>The layers.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnLayer[] Layer { get; set; } = [];

    /// <summary>Filters of the layers by number; all, if none is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public int[]? Filter { get; set; }

    /// <summary>Filters as Get-CnnFilter gives them.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnFilter[] InputObject { get; set; } = [];

    /// <summary>Looks into the folders of folders too.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>How many images of each filter to put out, as pictures of what it saw.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int Top { get; set; }

    /// <summary>How many images run at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int BatchSize { get; set; } = 8;

    /// <inheritdoc />
    public void Dispose() => _stopping.Dispose();

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        _given = [.. MyInvocation.BoundParameters.Keys];
        Gather(_given.Contains);
    }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        _hasRun = true;
        Gather(parameter => !_given.Contains(parameter));
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        if (_hasRun && !_isAsked)
        {
            var exception = new CnnVizException(
                "NoLayer", "No layer and no filter is given.", "Give layers, as Get-CnnLayer lists them.");
            WriteError(exception.ToErrorRecord(null));
        }

        foreach (IGrouping<CnnModel, CnnFilter> model in _images.Count == 0 ? [] : _filters.GroupBy(filter => filter.Model))
        {
            Measure(model.Key, [.. model]);
        }
    }

    /// <inheritdoc />
    protected override void StopProcessing() => _stopping.Cancel();

    /// <inheritdoc />
    protected override void ProcessFile(string path)
    {
        if (!Directory.Exists(path))
        {
            if (!File.Exists(path))
            {
                WriteError(ErrorRecords.PathNotFound(path));
                return;
            }

            Add(path);
            return;
        }

        string[] pictures = PictureFormats.FilesIn(path, Recurse);
        if (pictures.Length == 0)
        {
            throw new CnnVizException(
                "PictureNotFound", $"There is no picture in '{path}'.", Recurse ? null : "Use -Recurse to look into its folders too.");
        }

        Array.ForEach(pictures, Add);
    }

    private void Add(string picture)
    {
        if (_known.Add(picture))
        {
            _images.Add(picture);
        }
    }

    private void Gather(Func<string, bool> isNew)
    {
        if (isNew(ParameterSetName == nameof(LiteralPath) ? nameof(LiteralPath) : nameof(Path)))
        {
            base.ProcessRecord();
        }

        if (isNew(nameof(Layer)))
        {
            Array.ForEach(Layer, AddFilters);
        }

        if (isNew(nameof(InputObject)))
        {
            _filters.AddRange(InputObject);
        }

        _isAsked |= Layer.Length > 0 || InputObject.Length > 0;
    }

    private void AddFilters(CnnLayer layer)
    {
        foreach (int filter in Filter ?? Enumerable.Range(0, layer.Filters))
        {
            try
            {
                _filters.Add(layer.GetFilter(filter));
            }
            catch (CnnVizException exception)
            {
                WriteError(exception.ToErrorRecord(layer));
            }
        }
    }

    private void Measure(CnnModel model, CnnFilter[] filters)
    {
        TopActivations? top = _given.Contains(nameof(Top)) ? new TopActivations(Top) : null;
        var clock = Stopwatch.StartNew();
        try
        {
            var measurement = new ActivationMeasurement(filters, BatchSize);
            new PipelineWorker(_stopping.Token).Run<object, ActivationProgress>(
                (progress, stop) => Results(measurement, top, model, progress, stop),
                Write,
                progress => ShowProgress(model, progress));
            WriteVerbose(
                $"Measured {filters.Length} filters of '{model.Name}' on {_images.Count} images in {clock.Elapsed.TotalSeconds:0.00} s.");
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The pipeline is being stopped; PowerShell says so itself.
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            WriteError(exception.ToErrorRecord(model));
        }
        finally
        {
            CompleteProgress(model);
        }
    }

    // On the worker's thread: images, or the failures among them and then the patches.
    private IEnumerable<object> Results(
        ActivationMeasurement measurement,
        TopActivations? top,
        CnnModel model,
        IProgress<ActivationProgress> progress,
        CancellationToken stop)
    {
        foreach (ImageActivations image in measurement.Run(_images, progress, stop))
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
        catch (CnnVizException exception)
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

    private void ShowProgress(CnnModel model, ActivationProgress progress) => WriteProgress(new ProgressRecord(
        0,
        $"Measuring {model.Name}",
        $"{progress.Done} of {progress.Total} images done; {System.IO.Path.GetFileName(progress.Current)}")
    {
        PercentComplete = (int)(100.0 * progress.Done / progress.Total),
        SecondsRemaining = progress.Remaining is { } left ? (int)Math.Ceiling(left.TotalSeconds) : -1,
    });

    private void CompleteProgress(CnnModel model)
    {
        if (!_stopping.IsCancellationRequested)
        {
            WriteProgress(new ProgressRecord(0, $"Measuring {model.Name}", "Done") { RecordType = ProgressRecordType.Completed });
        }
    }
}
