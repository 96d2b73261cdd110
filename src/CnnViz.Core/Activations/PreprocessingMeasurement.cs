using System.Diagnostics;
using CnnViz.Networks;
using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Activations;

/// <summary>
/// Finds the preprocessing that a network was trained with: tries those that are usual on photos, batch by batch, and ranks them by what the network
/// makes of the photos.
/// </summary>
public sealed class PreprocessingMeasurement
{
    private readonly CnnModel _model;
    private readonly int _batchSize;
    private readonly PreprocessingTrial[] _trials;
    private readonly NamedClasses _classes;
    private int _photos;

    /// <summary>Prepares a measurement; nothing is run.</summary>
    /// <param name="model">The model.</param>
    /// <param name="classNames">Names of its classes; null for its own or, where it has 1000 without names, ImageNet's.</param>
    /// <param name="batchSize">How many photos run at once.</param>
    /// <exception cref="CnnVizException">The model was disposed, has another number of classes, or has neither classes nor batch
    /// normalizations: there is nothing to tell preprocessings apart by.</exception>
    public PreprocessingMeasurement(CnnModel model, IReadOnlyList<string>? classNames, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        _model = model;
        _batchSize = batchSize;
        CnnClasses? classes = FindClasses(model, classNames);
        CnnLayer? classifier = classes is null ? null : Classifier.Find(model)[0];
        _classes = new NamedClasses(classes?.All.Where(unit => unit.Layer == classifier) ?? []);
        _trials = [.. PreprocessingCandidates.For(model).Select(candidate => new PreprocessingTrial(model, candidate, classifier))];
        if (!_trials[0].CanTell)
        {
            throw new CnnVizException(
                "PreprocessingNotMeasurable",
                $"'{model.Name}' has neither classes nor batch normalizations, so its answers to photos do not tell preprocessings apart.",
                "Look for the preprocessing where the model comes from.");
        }
    }

    /// <summary>Shows photos to the network, batch by batch.</summary>
    /// <param name="paths">Full paths of their files.</param>
    /// <param name="progress">Told of every batch and every candidate; or null.</param>
    /// <param name="cancellation">Stops between two operations of the network.</param>
    /// <returns>The photos that cannot be read, as soon as that is known.</returns>
    /// <exception cref="CnnVizException">The model was disposed, or it does not take several images at once.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<(string Path, CnnVizException Failure)> Run(
        IReadOnlyList<string> paths, IProgress<MeasurementProgress>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        int total = paths.Count * _trials.Length;
        int done = 0;
        foreach (string[] batch in paths.Chunk(_batchSize))
        {
            (byte[]? Pixels, CnnVizException? Failure)[] images = ImageBatch.Read(batch, _model.InputShape, cancellation);
            (string Path, byte[] Pixels)[] photos = [.. batch.Zip(images).Where(pair => pair.Second.Pixels is not null).Select(pair => (pair.First, pair.Second.Pixels!))];
            foreach (PreprocessingTrial trial in _trials)
            {
                progress?.Report(MeasurementProgress.After(clock.Elapsed, done, total, batch[0]));
                Show(photos, trial, cancellation);
                done += batch.Length;
            }

            _photos += photos.Length;
            foreach ((string path, (_, CnnVizException? failure)) in batch.Zip(images))
            {
                if (failure is not null)
                {
                    yield return (path, failure);
                }
            }
        }
    }

    /// <summary>What has been found.</summary>
    /// <returns>One score a candidate, the best first; none before a photo was shown.</returns>
    public IReadOnlyList<PreprocessingScore> Scores()
    {
        PreprocessingScore[] scores = _photos == 0 ? [] : [.. _trials.Select(trial => trial.Score(_photos)).OrderByDescending(score => score.Score)];
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i].Rank = i + 1;
            scores[i].OtherOrder = _model.InputShape.Channels != 3 ? null
                : scores.FirstOrDefault(other => PreprocessingCandidates.AreTwins(scores[i].Preprocessing, other.Preprocessing));
        }

        return scores;
    }

    private void Show((string Path, byte[] Pixels)[] photos, PreprocessingTrial trial, CancellationToken cancellation)
    {
        if (photos.Length == 0)
        {
            return;
        }

        using IDisposable lease = _model.Lease();
        using DisposeScope scope = torch.NewDisposeScope();
        try
        {
            torch.Tensor images = ImageFile.ToTensor([.. photos.Select(photo => photo.Pixels)], _model.InputShape).to(_model.TorchDevice);
            trial.Add(images, [.. photos.Select(photo => _classes.Of(photo.Path))], cancellation);
        }
        catch (ImageSizeException exception) when (photos.Length > 1)
        {
            throw LayerProbe.BatchRefused(_model.Name, exception);
        }
    }

    private static CnnClasses? FindClasses(CnnModel model, IReadOnlyList<string>? names)
    {
        try
        {
            return new CnnClasses(model, null, names);
        }
        catch (CnnVizException exception) when (exception.ErrorId == "NoClassifier")
        {
            return null;
        }
    }
}
