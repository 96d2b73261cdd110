using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Models;

namespace CnnViz.Commands;

/// <summary>Invoke-FilterMaximization: layers or filters to pictures.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "FilterMaximization", DefaultParameterSetName = "Layer")]
[OutputType(typeof(FilterImage))]
public sealed class InvokeFilterMaximizationCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    // Filters that came one by one and wait for others of their layer.
    private readonly List<CnnFilter> _waiting = [];
    private AscentOptions _options = new();

    /// <summary>The layers.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Layer")]
    [ValidateNotNull]
    public CnnLayer[] Layer { get; set; } = [];

    /// <summary>Filters of the layers by number; all, if none is given.</summary>
    [Parameter(Position = 0, ParameterSetName = "Layer")]
    [ValidateNotNullOrEmpty]
    public int[]? Filter { get; set; }

    /// <summary>Filters as Get-CnnFilter gives them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Filter")]
    [ValidateNotNull]
    public CnnFilter[] InputObject { get; set; } = [];

    /// <summary>The named defaults.</summary>
    [Parameter]
    [ValidateSet("Classic")]
    public string Recipe { get; set; } = "Classic";

    /// <summary>Number of steps.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int Steps { get; set; }

    /// <summary>What the normalized gradient is multiplied by.</summary>
    [Parameter]
    [ValidateRange(double.Epsilon, 1e9)]
    public float StepSize { get; set; }

    /// <summary>One side of the picture, or height and width, in pixels.</summary>
    [Parameter]
    [ValidateCount(1, 2)]
    [ValidateRange(1, 16384)]
    public int[]? Size { get; set; }

    /// <summary>What the gradient is divided by.</summary>
    [Parameter]
    public GradientNormalization GradientNormalization { get; set; }

    /// <summary>Pixels cut off each side at the end.</summary>
    [Parameter]
    [ValidateRange(0, 4096)]
    public int Border { get; set; }

    /// <summary>A picture to start from.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? InitialImage { get; set; }

    /// <summary>What the noise follows from.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>How many filters climb at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int BatchSize { get; set; } = new AscentOptions().BatchSize;

    /// <summary>Goes down instead of up.</summary>
    [Parameter]
    public SwitchParameter Minimize { get; set; }

    /// <inheritdoc />
    public void Dispose() => _stopping.Dispose();

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        string? picture = InitialImage is null ? null : GetUnresolvedProviderPathFromPSPath(InitialImage);
        if (picture is not null && !File.Exists(picture))
        {
            ThrowTerminatingError(ErrorRecords.PathNotFound(InitialImage!));
        }

        _options = MakeOptions(picture);
    }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (CnnLayer layer in Layer)
        {
            Maximize(layer, [.. Exists(layer, Filter ?? Enumerable.Range(0, layer.Filters))]);
        }

        foreach (CnnFilter filter in InputObject)
        {
            if (_waiting.Count > 0 && _waiting[0].Layer != filter.Layer)
            {
                MaximizeWaiting();
            }

            _waiting.Add(filter);
            if (_waiting.Count == BatchSize)
            {
                MaximizeWaiting();
            }
        }
    }

    /// <inheritdoc />
    protected override void EndProcessing() => MaximizeWaiting();

    /// <inheritdoc />
    protected override void StopProcessing() => _stopping.Cancel();

    private AscentOptions MakeOptions(string? picture) => new()
    {
        Recipe = Ascent.Recipe.All.First(recipe => string.Equals(recipe.Name, Recipe, StringComparison.OrdinalIgnoreCase)),
        Steps = Given(nameof(Steps)) ? Steps : null,
        StepSize = Given(nameof(StepSize)) ? StepSize : null,
        GradientNormalization = Given(nameof(GradientNormalization)) ? GradientNormalization : null,
        Size = Size is { } size ? (size[0], size[^1]) : null,
        Border = Given(nameof(Border)) ? Border : null,
        InitialImage = picture,
        Seed = Seed,
        BatchSize = BatchSize,
        Minimize = Minimize,
    };

    private bool Given(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private IEnumerable<int> Exists(CnnLayer layer, IEnumerable<int> filters)
    {
        foreach (int filter in filters)
        {
            try
            {
                layer.GetFilter(filter);
            }
            catch (CnnVizException exception)
            {
                WriteError(exception.ToErrorRecord(layer));
                continue;
            }

            yield return filter;
        }
    }

    private void MaximizeWaiting()
    {
        if (_waiting.Count > 0)
        {
            Maximize(_waiting[0].Layer, [.. _waiting.Select(filter => filter.Index)]);
            _waiting.Clear();
        }
    }

    private void Maximize(CnnLayer layer, int[] filters)
    {
        if (filters.Length == 0)
        {
            return;
        }

        try
        {
            new PipelineWorker(_stopping.Token).Run<FilterImage, AscentProgress>(
                (progress, stop) => new FilterAscent(layer, _options).Run(filters, progress, stop),
                WriteImage,
                ShowProgress);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The pipeline is being stopped; PowerShell says so itself.
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            WriteError(exception.ToErrorRecord(layer));
        }
        finally
        {
            CompleteProgress(layer);
        }
    }

    private void WriteImage(FilterImage image)
    {
        if (!image.HasSignal)
        {
            string reason = image.Status switch
            {
                AscentStatus.Dead =>
                    "its gradient is zero from the start, so no step leads anywhere. Try another -Seed, or the layer before its activation",
                AscentStatus.NotRaised =>
                    "no step raised its activation. Try another -StepSize or -Seed, or the layer before its activation",
                _ => "its activation or gradient became infinite or not a number. Try a smaller -StepSize, or check the preprocessing",
            };
            WriteWarning($"Filter {image.Filter} of '{image.Layer}' has no picture ({image.Status}): {reason}.");
        }

        WriteVerbose($"{image} after {image.Activations.Count} steps in {image.Elapsed.TotalSeconds:0.00} s.");
        WriteObject(image);
    }

    private void ShowProgress(AscentProgress progress)
    {
        string filters = progress.FirstFilter == progress.LastFilter
            ? $"filter {progress.FirstFilter}"
            : $"filters {progress.FirstFilter} to {progress.LastFilter}";
        string activation = float.IsNaN(progress.Activation) ? string.Empty : $", activation {progress.Activation:0.##}";
        WriteProgress(new ProgressRecord(
            0,
            $"Maximizing {progress.Layer}",
            $"{progress.Done} of {progress.Total} done; {filters}, step {progress.Step} of {progress.Steps}{activation}")
        {
            PercentComplete = (int)(100 * progress.Fraction),
            SecondsRemaining = progress.Remaining is { } left ? (int)Math.Ceiling(left.TotalSeconds) : -1,
        });
    }

    private void CompleteProgress(CnnLayer layer)
    {
        if (!_stopping.IsCancellationRequested)
        {
            WriteProgress(new ProgressRecord(0, $"Maximizing {layer.Name}", "Done") { RecordType = ProgressRecordType.Completed });
        }
    }
}
