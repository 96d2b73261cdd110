using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using CnnViz.Runtimes;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>Measures whether maximized pictures can be trusted. What natural images give is kept for the next picture.</summary>
/// <param name="naturalImages">Pictures of the world to compare with, or null for none.</param>
/// <param name="judge">A second network that compares pictures with them, or null for none.</param>
public sealed class FilterImageMeter(NaturalImages? naturalImages = null, CnnModel? judge = null)
{
    private readonly Dictionary<CnnLayer, LayerNature> _natures = [];
    private readonly Dictionary<(CnnLayer Layer, long Height, long Width), LayerReference> _references = [];
    private (object? Key, PathCheck? Check) _path;

    /// <summary>Measures a picture in memory, as it will be saved.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="filter">The filter that it is measured with; its own or another.</param>
    /// <param name="progress">Told of every reference picture; or null.</param>
    /// <param name="cancellation">Stops at the next operation of the network.</param>
    /// <exception cref="CnnVizException">The model was disposed.</exception>
    /// <exception cref="ImageSizeException">The layer cannot take a picture of this size.</exception>
    /// <exception cref="ObjectDisposedException">The picture was disposed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public FilterImageQuality Measure(
        FilterImage image, CnnFilter filter, IProgress<QualityProgress>? progress = null, CancellationToken cancellation = default) =>
        Take(image, filter, progress, cancellation).Quality;

    /// <summary>Measures a picture file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="filter">The filter that it is measured with.</param>
    /// <param name="progress">Told of every reference picture; or null.</param>
    /// <param name="cancellation">Stops at the next operation of the network.</param>
    /// <exception cref="CnnVizException">The model was disposed, or the file is no picture.</exception>
    /// <exception cref="ImageSizeException">The layer cannot take a picture of this size.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public FilterImageQuality Measure(
        string path, CnnFilter filter, IProgress<QualityProgress>? progress = null, CancellationToken cancellation = default) =>
        Take(path, SavedFacts.Read(path), filter, progress, cancellation).Quality;

    internal QualityMeasurement Take(
        FilterImage image, CnnFilter filter, IProgress<QualityProgress>? progress, CancellationToken cancellation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor saved = image.Tensor.Clamp(0, 1).Mul(255).round().Div(255);
        return Take(saved, SavedFacts.Of(image), null, filter, progress, cancellation);
    }

    internal QualityMeasurement Take(
        string path, SavedFacts facts, CnnFilter filter, IProgress<QualityProgress>? progress, CancellationToken cancellation)
    {
        NativeLibraries.EnsureLoaded();
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor picture = ImageFile.ReadExact(path, filter.Model.InputShape.Channels);
        return Take(picture, facts, Path.GetFullPath(path), filter, progress, cancellation);
    }

    private QualityMeasurement Take(
        torch.Tensor picture,
        SavedFacts facts,
        string? path,
        CnnFilter filter,
        IProgress<QualityProgress>? progress,
        CancellationToken cancellation)
    {
        using var noGradients = torch.no_grad();
        SubGraph graph = filter.Model.Graph.SubGraph(filter.Layer.Node);
        FilterResponse response = FilterResponse.Of(filter.Layer, graph, picture, cancellation);
        LayerReference reference = Reference(filter.Layer, graph, picture, progress, cancellation);
        double[] profile = reference.Responses.Standardize(response.Means);
        var disturbed = new DisturbedActivations(filter, graph, picture, cancellation);
        float activation = response.Means[filter.Index];
        int sign = facts.Minimized ? -1 : 1;
        (float natural, string? naturalPath) = reference.Responses.Best(filter.Index, least: facts.Minimized);
        bool isCompared = naturalImages is not null;
        NatureFigures nature = Nature(filter.Layer, progress, cancellation)?.Compare(picture, filter.Index, facts.Minimized, cancellation) ?? NatureFigures.None;
        PathPoint[] way = CheckPath(filter, reference.Responses, facts.Minimized, picture, cancellation);
        var quality = new FilterImageQuality
        {
            Model = filter.Model.Name,
            ModelSha256 = filter.Model.Sha256,
            Layer = filter.Layer.Name,
            Filter = filter.Index,
            Filters = filter.Layer.Filters,
            ClassName = filter.ClassName,
            Path = path,
            Seed = facts.Seed,
            Recipe = facts.Recipe,
            Minimized = facts.Minimized,
            Height = (int)picture.shape[1],
            Width = (int)picture.shape[2],
            Activation = activation,
            Rank = RankOf(filter.Index, [.. response.Means.Select(mean => (double)mean * sign)]),
            StandardRank = RankOf(filter.Index, [.. profile.Select(value => value * sign)]),
            Retention = Ratio(disturbed.All.Average(), activation, sign),
            RetentionSmaller = Ratio(disturbed.Smaller, activation, sign),
            RetentionLarger = Ratio(disturbed.Larger, activation, sign),
            RetentionShift = Ratio(disturbed.Shifted, activation, sign),
            RetentionLeft = Ratio(disturbed.TurnedLeft, activation, sign),
            RetentionRight = Ratio(disturbed.TurnedRight, activation, sign),
            RetentionJpeg = Ratio(disturbed.Jpeg, activation, sign),
            RobustActivation = Finite((disturbed.Smaller + activation + disturbed.Larger + disturbed.Jpeg) / 4),
            NaturalActivation = isCompared ? Finite(natural) : null,
            NaturalRatio = isCompared ? Ratio(activation, natural, sign) : null,
            NaturalImage = isCompared ? naturalPath : null,
            SpectralDistance = reference.DistanceOf(picture),
            HasSignal = facts.HasSignal,
            NaturalAgreement = (float?)nature.Agreement,
            NaturalClarity = (float?)nature.Clarity,
            JudgeAgreement = (float?)nature.JudgeAgreement,
            JudgeClarity = (float?)nature.JudgeClarity,
        };
        quality = way.Length == 0 ? quality : quality with { PathCurve = new ValueList<PathPoint>(way), PathSimilarity = PathCheck.Figure(way) };
        return new QualityMeasurement(isCompared ? VerdictRules.Judge(quality) : quality, profile);
    }

    // Of one filter after the other; pictures of one come together.
    private PathPoint[] CheckPath(CnnFilter filter, ReferenceResponses responses, bool minimized, torch.Tensor picture, CancellationToken cancellation)
    {
        if (naturalImages is null)
        {
            return [];
        }

        (int channels, int height, int width) = ((int)picture.shape[0], (int)picture.shape[1], (int)picture.shape[2]);
        object key = (filter.Layer, filter.Index, minimized, height, width);
        if (!key.Equals(_path.Key))
        {
            _path = (key, PathCheck.For(filter, responses, minimized, path => naturalImages.TryRead(path, channels, height, width), cancellation));
        }

        return _path.Check?.Measure(picture, cancellation) ?? [];
    }

    private LayerReference Reference(
        CnnLayer layer, SubGraph graph, torch.Tensor picture, IProgress<QualityProgress>? progress, CancellationToken cancellation)
    {
        (CnnLayer, long, long) key = (layer, picture.shape[1], picture.shape[2]);
        if (!_references.TryGetValue(key, out LayerReference? reference))
        {
            reference = LayerReference.Of(layer, graph, picture.shape, naturalImages, progress, cancellation);
            _references.Add(key, reference);
        }

        return reference;
    }

    private LayerNature? Nature(CnnLayer layer, IProgress<QualityProgress>? progress, CancellationToken cancellation)
    {
        if (naturalImages is not null && !_natures.ContainsKey(layer))
        {
            _natures.Add(layer, LayerNature.Of(layer, naturalImages, judge, progress, cancellation));
        }

        return _natures.GetValueOrDefault(layer);
    }

    // Filters that are not numbers have no place, and take none.
    private static int? RankOf(int filter, double[] values) =>
        double.IsFinite(values[filter]) ? 1 + values.Count(value => value > values[filter]) : null;

    // A ratio of activations says something only where the one below is on the side that was sought; else two that are both on the
    // wrong side would look like a success.
    private static float? Ratio(float value, float whole, int sign) => whole * sign > 0 ? Finite(value / whole) : null;

    private static float? Finite(float value) => float.IsFinite(value) ? value : null;
}
