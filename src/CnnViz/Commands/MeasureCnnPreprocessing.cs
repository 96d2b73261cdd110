using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using CnnViz.Activations;
using CnnViz.Completion;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Measure-CnnPreprocessing: photos and a model to the preprocessings that it may have been trained with, the likeliest first.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "CnnPreprocessing", DefaultParameterSetName = "Path")]
[OutputType(typeof(PreprocessingScore))]
public sealed class MeasureCnnPreprocessingCommand : PictureMeasurementCommand
{
    private readonly List<CnnModel> _models = [];

    /// <summary>The models; the one imported last, if none is given.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnModel[] Model { get; set; } = [];

    /// <summary>A text file of class names, or a built-in list.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClassListCompleter))]
    public string? ClassName { get; set; }

    private protected override void End()
    {
        base.End();
        if (Pictures.Count == 0)
        {
            return;
        }

        this.Try(ClassName ?? string.Empty, () =>
        {
            IReadOnlyList<string>? names = this.ReadClassNames(ClassName);
            foreach (CnnModel model in this.ModelsOrLast(_models.Count > 0 ? _models : null))
            {
                Measure(model, names);
            }
        });
    }

    // Without a model, the last one is meant.
    private protected override bool GatherTargets(Func<string, bool> isNew)
    {
        if (isNew(nameof(Model)))
        {
            _models.AddRange(Model);
        }

        return true;
    }

    private void Measure(CnnModel model, IReadOnlyList<string>? names)
    {
        var clock = Stopwatch.StartNew();
        string activity = $"Trying preprocessings of {model.Name}";
        this.RunEngine<object, MeasurementProgress>(
            model, activity, (progress, stop) => Results(model, names, progress, stop), Write, progress => progress.ToRecord(activity, "runs"));
        WriteVerbose($"Tried the preprocessings of '{model.Name}' on {Pictures.Count} photos in {clock.Elapsed.TotalSeconds:0.00} s.");
    }

    // On the worker's thread: the photos that cannot be read, and then the scores.
    private IEnumerable<object> Results(
        CnnModel model, IReadOnlyList<string>? names, IProgress<MeasurementProgress> progress, CancellationToken stop)
    {
        var measurement = new PreprocessingMeasurement(model, names, BatchSize);
        foreach ((string path, CnnVizException failure) in measurement.Run(Pictures, progress, stop))
        {
            yield return failure.ToErrorRecord(path);
        }

        yield return measurement.Scores();
    }

    private void Write(object result)
    {
        if (result is ErrorRecord error)
        {
            WriteError(error);
            return;
        }

        var scores = (IReadOnlyList<PreprocessingScore>)result;
        PreprocessingScore? used = scores.FirstOrDefault(score => score.IsInUse);
        if (used is not null && scores[0] is { IsInUse: false } best)
        {
            string advice = $"'{best.Model}' was imported with the preprocessing {used.Preprocessing}, which comes {used.Rank}. of {scores.Count}; "
                + $"{best.Preprocessing} suits it best. Import it with: {best.ImportParameters}";
            if (best.Score - used.Score >= PreprocessingScore.ClearMargin)
            {
                WriteWarning(advice);
            }
            else
            {
                WriteVerbose($"{advice}. The difference is small: give more photos, or photos like those of the training.");
            }
        }

        if (scores.Count > 0 && scores[0] is { ChannelOrder: "not decided", OtherOrder: { } other })
        {
            WriteWarning(string.Create(CultureInfo.InvariantCulture, $"'{scores[0].Model}', channel order: not decided. The scores of RGB and BGR "
                + $"differ by {Math.Abs(scores[0].Score - other.Score):0.00}, less than {PreprocessingScore.ClearMargin}. Give more photos, with bright colours, or photos like those of the training."));
        }

        WriteObject(scores, enumerateCollection: true);
    }
}
