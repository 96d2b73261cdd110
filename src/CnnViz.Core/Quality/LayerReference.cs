using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>What a layer, and a spectrum, are to be compared with: natural images of one size or, without them, noise like them.</summary>
internal sealed class LayerReference
{
    // Deviations are taken over all positions of the map, so that a few pictures do.
    private const int NoisePictures = 8;

    private readonly RadialSpectrum _spectrum;
    private readonly double[][] _nature;

    private LayerReference(ReferenceResponses responses, RadialSpectrum spectrum, double[][] nature) =>
        (Responses, _spectrum, _nature) = (responses, spectrum, nature);

    public ReferenceResponses Responses { get; }

    /// <summary>Shows a layer its reference pictures.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="graph">The sub-graph that ends in it.</param>
    /// <param name="shape">Of the picture: C×H×W.</param>
    /// <param name="naturalImages">Natural images; null for noise.</param>
    /// <param name="progress">Told of every picture; or null.</param>
    /// <param name="cancellation">Stops at the next operation.</param>
    public static LayerReference Of(
        CnnLayer layer,
        SubGraph graph,
        long[] shape,
        NaturalImages? naturalImages,
        IProgress<QualityProgress>? progress,
        CancellationToken cancellation)
    {
        var responses = new ReferenceResponses(layer.Filters);
        var spectrum = new RadialSpectrum(shape[0], shape[1], shape[2]);
        var mean = new MeanSpectrum(spectrum);
        int total = naturalImages?.Paths.Count ?? NoisePictures;
        foreach ((string? path, torch.Tensor picture) in Pictures(shape, naturalImages))
        {
            using (picture)
            {
                responses.Add(FilterResponse.Of(layer, graph, picture, cancellation), path);
                mean.Add(spectrum.Of(picture));
                progress?.Report(new QualityProgress(layer.Name, responses.Count, total));
            }
        }

        if (responses.Count == 0)
        {
            throw new CnnVizException("NoNaturalImage", "None of the natural images can be read.", "Give PNG, JPEG, WebP or TIFF files.");
        }

        return new LayerReference(responses, spectrum, naturalImages is null ? spectrum.OfNature() : mean.Power);
    }

    /// <summary>The distance of a picture's spectrum from that of natural images, or null where there is none.</summary>
    public float? DistanceOf(torch.Tensor picture) => (float?)SpectralDistance.Of(_spectrum, _spectrum.Of(picture), _nature);

    private static IEnumerable<(string? Path, torch.Tensor Picture)> Pictures(long[] shape, NaturalImages? naturalImages) =>
        naturalImages?.Read((int)shape[0], (int)shape[1], (int)shape[2]).Select(item => ((string?)item.Path, item.Picture))
        ?? Enumerable.Range(0, NoisePictures).Select(i => ((string?)null, NaturalNoise.Make(shape[0], shape[1], shape[2], (ulong)i)));
}
