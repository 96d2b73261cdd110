using CnnViz.Networks;

namespace CnnViz.Activations;

/// <summary>Measures what filters of one network do on many photos: how often they fire, which are doubles, and how many things they show.</summary>
/// <param name="filters">The filters, of one model.</param>
/// <param name="batchSize">How many images run at once.</param>
/// <param name="top">How many parts of photos tell what a filter shows; below 2, clarity and polysemanticity are left out.</param>
public sealed class FilterMeasurement(IReadOnlyCollection<CnnFilter> filters, int batchSize, int top)
{
    private readonly CnnModel _model = filters.First().Model;

    /// <summary>One a filter, layer by layer; none before <see cref="Run"/> is at its end.</summary>
    public IReadOnlyList<FilterStatistics> Statistics { get; private set; } = [];

    /// <summary>Measures photos.</summary>
    /// <param name="paths">Full paths of the photos' files.</param>
    /// <param name="progress">Told of every batch, and then of every photo whose parts are looked at; or null.</param>
    /// <param name="cancellation">Stops between two operations of the network.</param>
    /// <returns>The photos that could not be read; all others are in <see cref="Statistics"/> at the end.</returns>
    /// <exception cref="CnnVizException">The model was disposed, or it does not take several images at once.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<ImageActivations> Run(
        IReadOnlyList<string> paths, IProgress<MeasurementProgress>? progress, CancellationToken cancellation)
    {
        var maps = new Dictionary<CnnLayer, MapStatistics>();
        try
        {
            var measurement = new ActivationMeasurement(filters, batchSize)
            {
                Observer = (layer, output) =>
                {
                    if (!maps.TryGetValue(layer, out MapStatistics? known))
                    {
                        maps.Add(layer, known = new MapStatistics());
                    }

                    known.Add(output);
                },
            };
            var best = new TopActivations(Math.Max(top, 1));
            var concepts = new ConceptSeparation(paths);
            var dead = new Dictionary<LayerProbe, int[]>();
            int photo = 0;
            int measured = 0;
            foreach (ImageActivations image in measurement.Run(paths, progress, cancellation))
            {
                if (image.Failure is not null)
                {
                    yield return image;
                }

                measured += image.Failure is null ? 1 : 0;
                best.Add(image);
                concepts.Add(photo++, image);
                CountDead(image, dead);
            }

            if (measured > 0)
            {
                Statistics = Sum(measured, maps, dead, concepts, [.. best.Best], progress, cancellation);
            }
        }
        finally
        {
            foreach (MapStatistics layer in maps.Values)
            {
                layer.Dispose();
            }
        }
    }

    private static void CountDead(ImageActivations image, Dictionary<LayerProbe, int[]> dead)
    {
        foreach (LayerActivations layer in image.Layers)
        {
            dead.TryAdd(layer.Probe, new int[layer.Maxima.Length]);
            for (int i = 0; i < layer.Maxima.Length; i++)
            {
                dead[layer.Probe][i] += layer.Maxima[i] > 0 ? 0 : 1;
            }
        }
    }

    private List<FilterStatistics> Sum(
        int photos,
        Dictionary<CnnLayer, MapStatistics> maps,
        Dictionary<LayerProbe, int[]> dead,
        ConceptSeparation concepts,
        (FilterActivation Activation, int Rank)[] best,
        IProgress<MeasurementProgress>? progress,
        CancellationToken cancellation)
    {
        ILookup<(string, int), FilterActivation> tops = best.ToLookup(top => (top.Activation.Layer, top.Activation.Filter), top => top.Activation);
        Dictionary<(string, ImagePatch), double[]> features = top < 2 ? [] : new PatchFeatures(_model, batchSize).Of(
            best.Where(top => top.Activation.Max > 0).Select(top => (top.Activation.Path, top.Activation.Patch)),
            (done, total, path) => progress?.Report(new MeasurementProgress(done, total, path, null)),
            cancellation);
        var statistics = new List<FilterStatistics>();
        foreach ((LayerProbe probe, int[] counts) in dead)
        {
            MapStatistics map = maps[probe.Layer];
            (double[] means, double[] sparsities, (int Filter, double Correlation)?[] nearest) = (map.Means, map.Sparsities, map.Nearest());
            for (int i = 0; i < counts.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                int filter = probe.Filters[i];
                FilterActivation[] own = [.. tops[(probe.Layer.Name, filter)]];
                double[][] shown = [.. own.Where(top => top.Max > 0).Select(top => features.GetValueOrDefault((top.Path, top.Patch))).OfType<double[]>()];
                (string Concept, double Auc)? concept = concepts.Best(probe, i);
                statistics.Add(new FilterStatistics
                {
                    Model = _model.Name,
                    ModelSha256 = _model.Sha256,
                    Layer = probe.Layer.Name,
                    Filter = filter,
                    ClassName = probe.ClassNames.Count > 0 ? probe.ClassNames[filter] : null,
                    Photos = photos,
                    DeadShare = (double)counts[i] / photos,
                    Sparsity = sparsities[filter],
                    Mean = Finite(means[filter]),
                    Max = own.Length > 0 ? own[0].Max : null,
                    MaxImage = own.Length > 0 ? own[0].Path : null,
                    Nearest = nearest[filter]?.Filter,
                    Correlation = nearest[filter]?.Correlation,
                    Clarity = shown.Length < 2 ? null : Finite(PatchClusters.Clarity(shown)),
                    Polysemanticity = shown.Length < 2 ? null : Finite(PatchClusters.Polysemanticity(shown)),
                    Concept = concept?.Concept,
                    Auc = concept?.Auc,
                });
            }
        }

        return statistics;
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
