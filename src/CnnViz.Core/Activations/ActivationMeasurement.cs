using System.Diagnostics;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Activations;

/// <summary>
/// Measures what images do to filters of one network, batch by batch: every image runs once, for all layers, and nothing of a
/// batch stays once it is done.
/// </summary>
public sealed class ActivationMeasurement
{
    private readonly CnnModel _model;
    private readonly int _batchSize;
    private readonly LayerProbe[] _probes;
    private readonly SubGraph _graph;

    /// <summary>Prepares a measurement.</summary>
    /// <param name="filters">The filters, of one model. They are measured layer by layer, in the order in which the layers first
    /// appear.</param>
    /// <param name="batchSize">How many images run at once.</param>
    /// <param name="keepsMaps">Whether activations keep their maps.</param>
    /// <exception cref="ArgumentException">There is no filter, or there are filters of several models.</exception>
    /// <exception cref="CnnVizException">The model was disposed.</exception>
    public ActivationMeasurement(IReadOnlyCollection<CnnFilter> filters, int batchSize, bool keepsMaps = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        CnnModel[] models = [.. filters.Select(filter => filter.Model).Distinct()];
        _model = models is [CnnModel model]
            ? model
            : throw new ArgumentException("The filters are not those of one model.", nameof(filters));
        _batchSize = batchSize;
        _probes = [.. filters.GroupBy(filter => filter.Layer)
            .Select(group => new LayerProbe(group.Key, [.. group.Select(filter => filter.Index).Distinct()], keepsMaps))];
        using IDisposable lease = _model.Lease();
        _graph = _model.Graph.SubGraph([.. _probes.Select(probe => probe.Layer.Node)]);
    }

    /// <summary>Told of each measured layer and its output for each batch: N×C×H×W or N×C, of which nothing may be kept; or null.</summary>
    internal Action<CnnLayer, torch.Tensor>? Observer { get; init; }

    /// <summary>Measures images, each as soon as its batch is done.</summary>
    /// <param name="paths">Full paths of the images' files.</param>
    /// <param name="progress">Told of every batch; or null.</param>
    /// <param name="cancellation">Stops between two operations of the network.</param>
    /// <returns>One result an image, in order.</returns>
    /// <exception cref="CnnVizException">The model was disposed, or it does not take several images at once.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<ImageActivations> Run(
        IReadOnlyList<string> paths, IProgress<MeasurementProgress>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        int done = 0;
        foreach (string[] batch in paths.Chunk(_batchSize))
        {
            progress?.Report(MeasurementProgress.After(clock.Elapsed, done, paths.Count, batch[0]));
            foreach (ImageActivations image in Measure(batch, cancellation))
            {
                yield return image;
            }

            done += batch.Length;
        }
    }

    private ImageActivations[] Measure(string[] paths, CancellationToken cancellation)
    {
        LayerShape shape = _model.InputShape;
        (byte[]? Pixels, CnnVizException? Failure)[] pictures = ImageBatch.Read(paths, shape, cancellation);
        byte[][] readable = [.. pictures.Select(picture => picture.Pixels).OfType<byte[]>()];
        LayerActivations[][] layers = readable.Length == 0 ? [] : Run(readable, cancellation);
        int next = 0;
        return [.. pictures.Select((picture, i) => picture.Failure is { } failure
            ? new ImageActivations(paths[i], failure)
            : new ImageActivations(paths[i], layers[next++]))];
    }

    // By image, then by layer.
    private LayerActivations[][] Run(byte[][] pictures, CancellationToken cancellation)
    {
        using IDisposable lease = _model.Lease();
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor images = ImageFile.ToTensor(pictures, _model.InputShape).to(_model.TorchDevice);
        torch.Tensor input = _model.Preprocessing.Apply(images);
        var byProbe = new LayerActivations[_probes.Length][];
        try
        {
            _graph.Run(input, (node, value) =>
            {
                cancellation.ThrowIfCancellationRequested();
                for (int i = 0; i < _probes.Length; i++)
                {
                    if (_probes[i].Layer.Node == node)
                    {
                        byProbe[i] = _probes[i].Read(value, pictures.Length);
                        Observer?.Invoke(_probes[i].Layer, value);
                    }
                }
            });
        }
        catch (ImageSizeException exception) when (pictures.Length > 1)
        {
            throw LayerProbe.BatchRefused(_model.Name, exception);
        }

        return [.. pictures.Select((_, image) => byProbe.Select(layer => layer[image]).ToArray())];
    }
}
