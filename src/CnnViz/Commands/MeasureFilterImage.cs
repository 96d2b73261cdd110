using System.Diagnostics;
using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Completion;
using CnnViz.Networks;
using CnnViz.Quality;

namespace CnnViz.Commands;

/// <summary>Measure-FilterImage: pictures to figures that tell whether they can be trusted.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "FilterImage", DefaultParameterSetName = "InputObject")]
[OutputType(typeof(FilterImageQuality))]
public sealed class MeasureFilterImageCommand : PathCommand
{

    // Pictures that wait for others of their filter.
    private readonly List<QualityMeasurement> _waiting = [];
    private FilterImageMeter _meter = new();
    private NaturalImages? _naturalImages;

    /// <summary>Pictures in memory.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [ValidateNotNull]
    public FilterImage[] InputObject { get; set; } = [];

    /// <summary>Picture files, with wildcards.</summary>
    [Parameter(
        Mandatory = true,
        Position = 0,
        ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true,
        ParameterSetName = "Path")]
    [FilePath]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public override string[] Path { get; set; } = [];

    /// <summary>The layer to measure with, instead of the picture's own.</summary>
    [Parameter]
    [ValidateNotNull]
    public CnnLayer? Layer { get; set; }

    /// <summary>The filter to measure with, instead of the picture's own.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    [ArgumentCompleter(typeof(FilterCompleter))]
    public int Filter { get; set; }

    /// <summary>The model of the pictures, where it is not one of the session's.</summary>
    [Parameter]
    [ValidateNotNull]
    public CnnModel? Model { get; set; }

    /// <summary>Files or folders of natural images, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? NaturalImage { get; set; }

    /// <summary>A second network that compares pictures with natural images.</summary>
    [Parameter]
    [ValidateNotNull]
    public CnnModel? Judge { get; set; }

    /// <summary>Compares pictures of one filter from different seeds and recipes, at the end.</summary>
    [Parameter]
    public SwitchParameter Agreement { get; set; }

    private protected override void Begin()
    {
        this.RequireInput(InputObject.Length + Path.Length + LiteralPath.Length, "NoPicture", "Get-ChildItem *.png | Measure-FilterImage");
        if (Layer is not null && Model is not null)
        {
            var exception = new CnnVizException("LayerAndModel", "The layer already determines the model.", "Leave -Model out.");
            ThrowTerminatingError(exception.ToErrorRecord(Model));
        }

        if (NaturalImage is not null)
        {
            try
            {
                _naturalImages = new NaturalImages(SessionState.ResolvePictures(NaturalImage));
            }
            catch (Exception exception) when (exception.IsExpected())
            {
                ThrowTerminatingError(exception.ToErrorRecord(NaturalImage));
            }
        }

        if (Judge is not null && NaturalImage is null)
        {
            var exception = new CnnVizException(
                "NaturalImageNeeded", "A judge compares pictures with natural images.", "Give natural images with -NaturalImage.");
            ThrowTerminatingError(exception.ToErrorRecord(Judge));
        }

        _meter = new FilterImageMeter(_naturalImages, Judge);
    }

    private protected override void Process()
    {
        if (ParameterSetName != "InputObject")
        {
            base.Process();
            return;
        }

        foreach (FilterImage image in InputObject)
        {
            try
            {
                Measure(
                    SavedFacts.Of(image),
                    $"The picture {image}",
                    (filter, progress, stop) => _meter.Take(image, filter, progress, stop));
            }
            catch (Exception exception) when (exception.IsExpected())
            {
                WriteError(exception.ToErrorRecord(image));
            }
        }
    }

    /// <inheritdoc />
    protected override void ProcessFile(string path)
    {
        if (!File.Exists(path))
        {
            WriteError(ErrorRecords.PathNotFound(path));
            return;
        }

        SavedFacts facts = SavedFacts.Read(path);
        Measure(facts, $"'{path}'", (filter, progress, stop) => _meter.Take(path, facts, filter, progress, stop));
    }

    private protected override void End() => WriteObject(SeedAgreement.Compare(_waiting), enumerateCollection: true);

    private void Measure(
        SavedFacts facts,
        string name,
        Func<CnnFilter, IProgress<QualityProgress>, CancellationToken, QualityMeasurement> measure)
    {
        IEnumerable<CnnModel> models = Model is null ? SessionModels.Alive : [Model];
        CnnFilter filter = PictureTarget.Find(facts, name, Layer, IsBound(nameof(Filter)) ? Filter : null, models);
        WarnOfPreprocessing(facts, filter.Model, name);
        var clock = Stopwatch.StartNew();
        try
        {
            new PipelineWorker(Cancellation).Run<QualityMeasurement, QualityProgress>(
                (progress, stop) => [measure(filter, progress, stop)],
                Write,
                ShowProgress);
            WriteVerbose($"Measured {name} with {filter} of '{filter.Model.Name}' in {clock.Elapsed.TotalSeconds:0.00} s.");
        }
        catch (OperationCanceledException) when (Cancellation.IsCancellationRequested)
        {
            // The pipeline is being stopped; PowerShell says so itself.
        }
        finally
        {
            Complete(filter.Layer);
        }
    }

    private void WarnOfPreprocessing(SavedFacts facts, CnnModel model, string name)
    {
        if (facts.ModelSha256 == model.Sha256 && facts.Preprocessing is { } own && own != model.Preprocessing.ToString())
        {
            WriteWarning($"{name} was made with the preprocessing {own}, and is measured with {model.Preprocessing}.");
        }
    }

    private void Write(QualityMeasurement measurement)
    {
        if (Agreement)
        {
            _waiting.Add(measurement);
        }
        else
        {
            WriteObject(measurement.Quality);
        }
    }

    private void ShowProgress(QualityProgress progress) => Progress.Write(
        new ProgressRecord(0, $"Measuring {progress.Layer}", $"{progress.Done} of {progress.Total} reference pictures")
        {
            PercentComplete = 100 * progress.Done / progress.Total,
        });

    private void Complete(CnnLayer layer)
    {
        if (Cancellation.IsCancellationRequested)
        {
            return;
        }

        Progress.Complete(0);
        foreach ((string path, CnnVizException failure) in _naturalImages?.TakeFailures() ?? [])
        {
            WriteError(failure.ToErrorRecord(path));
        }
    }
}
