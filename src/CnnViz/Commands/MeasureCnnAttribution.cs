using System.Diagnostics;
using System.Management.Automation;
using CnnViz.Activations;
using CnnViz.Completion;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Measure-CnnAttribution: photos, and classes or filters, to maps of what in the photos their answers come from.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "CnnAttribution", DefaultParameterSetName = "Path")]
[OutputType(typeof(FilterMap))]
public sealed class MeasureCnnAttributionCommand : PictureMeasurementCommand
{
    private readonly List<CnnModel> _models = [];
    private readonly List<CnnFilter> _filters = [];
    private AttributionOptions _options = new();

    /// <summary>Classes by name, with wildcards, or by number; for each photo the network's own answer, if none is given.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClassCompleter))]
    [NoObject]
    public string[]? Class { get; set; }

    /// <summary>The models; the one imported last, if none is given.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnModel[] Model { get; set; } = [];

    /// <summary>Filters, instead of classes.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnFilter[] InputObject { get; set; } = [];

    /// <summary>How it is found.</summary>
    [Parameter]
    [ValidateSet(nameof(MapMethod.GradCam), nameof(MapMethod.Occlusion))]
    public MapMethod Method { get; set; } = MapMethod.GradCam;

    /// <summary>For Grad-CAM, the layer whose positions the map has.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    public string? MapLayer { get; set; }

    /// <summary>For occlusion, the side of the square that covers the photo.</summary>
    [Parameter]
    [ValidateRange(1, 65_536)]
    public int WindowSize { get; set; }

    /// <summary>For occlusion, pixels from one place of the square to the next.</summary>
    [Parameter]
    [ValidateRange(1, 65_536)]
    public int Stride { get; set; }

    /// <summary>For occlusion, the grey of the square.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Baseline { get; set; } = new AttributionOptions().Baseline;

    /// <summary>A text file of class names, or a built-in list.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClassListCompleter))]
    public string? ClassName { get; set; }

    private protected override void Begin()
    {
        string[] foreign = Method == MapMethod.GradCam ? [nameof(WindowSize), nameof(Stride), nameof(Baseline)] : [nameof(MapLayer)];
        if (foreign.FirstOrDefault(IsBound) is { } parameter)
        {
            var exception = new CnnVizException(
                "MethodMismatch", $"The method {Method} has no -{parameter}.", "Leave it out, or choose another -Method.");
            ThrowTerminatingError(exception.ToErrorRecord(parameter));
        }

        _options = new AttributionOptions
        {
            Method = Method,
            MapLayer = MapLayer is null ? null : WildcardPattern.Unescape(MapLayer),
            WindowSize = IsBound(nameof(WindowSize)) ? WindowSize : null,
            Stride = IsBound(nameof(Stride)) ? Stride : null,
            Baseline = Baseline,
            BatchSize = BatchSize,
        };
        base.Begin();
    }

    private protected override void End()
    {
        base.End();
        if (Pictures.Count == 0)
        {
            return;
        }

        foreach (IGrouping<CnnModel, CnnFilter> model in _filters.GroupBy(filter => filter.Model))
        {
            Measure(model.Key, [.. model], first: false);
        }

        // Classes are asked for by name, or where there are no filters.
        if (_filters.Count == 0 || Class is not null || _models.Count > 0)
        {
            this.Try(ClassName ?? string.Empty, MeasureClasses);
        }
    }

    private protected override bool GatherTargets(Func<string, bool> isNew)
    {
        _models.AddRange(isNew(nameof(Model)) ? Model : []);
        _filters.AddRange(isNew(nameof(InputObject)) ? InputObject : []);
        return true;
    }

    private void MeasureClasses()
    {
        IReadOnlyList<string>? names = this.ReadClassNames(ClassName);
        foreach (CnnModel model in this.ModelsOrLast(_models.Count > 0 ? _models : null))
        {
            this.Try(model, () =>
            {
                CnnClasses classes = this.FindClasses(model, null, names);
                CnnFilter[] units = Class is null ? [.. classes.All.Where(unit => unit.Layer == classes.All[0].Layer)] : this.ChooseClasses(classes, Class);
                if (units.Length > 0)
                {
                    Measure(model, units, first: Class is null);
                }
            });
        }
    }

    private void Measure(CnnModel model, CnnFilter[] filters, bool first)
    {
        var clock = Stopwatch.StartNew();
        string activity = $"Explaining {model.Name}";
        this.RunEngine<(string Path, IReadOnlyList<FilterMap> Maps, CnnVizException? Failure), MeasurementProgress>(
            model,
            activity,
            (progress, stop) => new AttributionMeasurement(filters, _options, first).Run(Pictures, progress, stop),
            Write,
            progress => progress.ToRecord(activity, "runs"));
        WriteVerbose($"Explained '{model.Name}' on {Pictures.Count} photos in {clock.Elapsed.TotalSeconds:0.00} s.");
    }

    private void Write((string Path, IReadOnlyList<FilterMap> Maps, CnnVizException? Failure) image)
    {
        if (image.Failure is not null)
        {
            WriteError(image.Failure.ToErrorRecord(image.Path));
        }

        foreach (FilterMap map in image.Maps)
        {
            if (!map.HasSignal)
            {
                WriteWarning($"Nothing in '{map.Image}' speaks for '{map.ClassName ?? $"{map.Layer}:{map.Filter}"}': no value of the map is above 0.");
            }

            WriteObject(map);
        }
    }
}
