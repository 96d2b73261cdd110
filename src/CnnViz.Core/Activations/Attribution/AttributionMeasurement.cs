using System.Diagnostics;
using CnnViz.Networks;
using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Activations;

/// <summary>Finds what of images the answers of filters come from: image by image, as maps over them.</summary>
public sealed class AttributionMeasurement
{
    private readonly CnnModel _model;
    private readonly (IAttribution Attribution, LayerProbe Probe, CnnFilter[] Filters)[] _layers;
    private readonly bool _takesFirst;

    /// <summary>Prepares a measurement.</summary>
    /// <param name="filters">The filters, or classes, of one model; at least one.</param>
    /// <param name="options">How it is found.</param>
    /// <param name="first">Whether, of these, only the one with the largest answer is wanted for each image; all are of one layer then.</param>
    /// <exception cref="CnnVizException">The model was disposed, or an option does not fit.</exception>
    public AttributionMeasurement(IReadOnlyList<CnnFilter> filters, AttributionOptions options, bool first = false)
    {
        _model = filters[0].Model;
        _takesFirst = first;
        using IDisposable lease = _model.Lease();
        _layers = [.. filters.GroupBy(filter => filter.Layer).Select(group => (
            options.Method == MapMethod.Occlusion ? new Occlusion(group.Key, options) : (IAttribution)new GradCam(group.Key, options.MapLayer),
            new LayerProbe(group.Key, [.. group.Select(filter => filter.Index)]),
            group.ToArray()))];
    }

    /// <summary>Explains images, each as soon as it is done.</summary>
    /// <param name="paths">Full paths of the images' files.</param>
    /// <param name="progress">Told of every run; or null.</param>
    /// <param name="cancellation">Stops between two operations of the network.</param>
    /// <returns>For each image its maps, or why there are none.</returns>
    /// <exception cref="CnnVizException">The model was disposed, does not take several images at once, or has no gradient.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<(string Path, IReadOnlyList<FilterMap> Maps, CnnVizException? Failure)> Run(
        IReadOnlyList<string> paths, IProgress<MeasurementProgress>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        int runs = _layers.Sum(layer => layer.Attribution.Runs);
        for (int image = 0; image < paths.Count; image++)
        {
            cancellation.ThrowIfCancellationRequested();
            int before = image * runs;
            string path = paths[image];
            Report(0);
            (byte[] Pixels, MapPhoto Photo)? read = Read(path, out CnnVizException? failure);
            yield return (path, read is { } photo ? Explain(path, photo.Pixels, photo.Photo, Report, cancellation) : [], failure);

            void Report(int done) =>
                progress?.Report(MeasurementProgress.After(clock.Elapsed, before + done, paths.Count * runs, path));
        }
    }

    private (byte[] Pixels, MapPhoto Photo)? Read(string path, out CnnVizException? failure)
    {
        failure = null;
        try
        {
            LayerShape shape = _model.InputShape;
            return (ImageFile.ReadCenter(path, shape.Channels, shape.Height, shape.Width), MapPhoto.Read(path, shape));
        }
        catch (CnnVizException exception)
        {
            failure = exception;
            return null;
        }
    }

    private FilterMap[] Explain(string path, byte[] pixels, MapPhoto photo, Action<int> report, CancellationToken cancellation)
    {
        using IDisposable lease = _model.Lease();
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor image = ImageFile.ToTensor([pixels], _model.InputShape).to(_model.TorchDevice);
        var maps = new List<FilterMap>();
        int before = 0;
        foreach ((IAttribution attribution, LayerProbe probe, CnnFilter[] filters) in _layers)
        {
            LayerActivations answers = null!;
            int[] places = [];
            float[][] found = attribution.Explain(image, Choose, done => report(before + done), cancellation);
            maps.AddRange(places.Zip(found, (place, values) => new FilterMap(
                answers.At(place, path) with { ClassName = filters[place].ClassName },
                attribution.Method,
                values,
                attribution.Columns,
                attribution.Grid,
                photo)
            {
                MapLayer = attribution.MapLayer,
                WindowSize = attribution.WindowSize,
            }));
            before += attribution.Runs;

            int[] Choose(torch.Tensor output)
            {
                answers = probe.Read(output, 1)[0];
                places = _takesFirst ? [Array.IndexOf(answers.Means, answers.Means.Max())] : [.. Enumerable.Range(0, filters.Length)];
                return [.. places.Select(place => filters[place].Index)];
            }
        }

        return [.. maps];
    }
}
