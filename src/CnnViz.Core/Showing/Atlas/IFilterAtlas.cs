using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Quality;

namespace CnnViz.Showing.Atlas;

/// <summary>
/// Pages of filters that a browser opens from the disk: of one model (<see cref="FilterAtlas"/>), or of several side by side
/// (<see cref="Comparison.ComparedAtlas"/>). What comes is written as it comes, and the pages from time to time; what is there already is kept, and added to.
/// </summary>
public interface IFilterAtlas
{
    /// <summary>Full path of the page to open.</summary>
    string IndexPath { get; }

    /// <summary>Whether things of a model can be added.</summary>
    /// <param name="modelSha256">SHA-256 of the model's file, in lower-case hexadecimal.</param>
    bool Takes(string modelSha256);

    /// <summary>Takes what a model says of its layers, for those that pictures come of; adds no layer by itself.</summary>
    /// <param name="model">The model of the pictures.</param>
    /// <exception cref="CnnVizException">The atlas is of another model (AtlasModelMismatch).</exception>
    void Describe(CnnModel model);

    /// <summary>Adds all layers of a model, with pictures or without; blocks come with their pictures only.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="CnnVizException">The atlas is of another model (AtlasModelMismatch).</exception>
    void Add(CnnModel model);

    /// <summary>Adds a layer, with pictures or without.</summary>
    /// <param name="layer">The layer.</param>
    /// <exception cref="CnnVizException">The atlas is of another model (AtlasModelMismatch).</exception>
    void Add(CnnLayer layer);

    /// <summary>
    /// Adds a picture. One of the same filter, recipe, seed, direction and beginning is replaced, unless it came in the same run and was made with
    /// other numbers.
    /// </summary>
    /// <param name="image">The picture; it is not needed any more afterwards.</param>
    /// <exception cref="CnnVizException">The atlas is of another model (AtlasModelMismatch), or full (AtlasFull).</exception>
    /// <exception cref="ObjectDisposedException">The picture was disposed.</exception>
    void Add(FilterImage image);

    /// <summary>Adds the part of an image that fires a filter; one of the same rank is replaced.</summary>
    /// <param name="patch">The part.</param>
    /// <exception cref="CnnVizException">The atlas is of another model (AtlasModelMismatch), or full (AtlasFull).</exception>
    void Add(FilterPatch patch);

    /// <summary>Adds the figures of a picture; earlier ones of the same picture are replaced.</summary>
    /// <param name="quality">The figures.</param>
    /// <exception cref="CnnVizException">The atlas is of another model (AtlasModelMismatch).</exception>
    void Add(FilterImageQuality quality);

    /// <summary>Adds what a filter does on many photos; earlier figures of it are replaced.</summary>
    /// <param name="statistics">The figures.</param>
    /// <exception cref="CnnVizException">The atlas is of another model (AtlasModelMismatch).</exception>
    void Add(FilterStatistics statistics);

    /// <summary>Writes what has no page yet, if it is time to.</summary>
    void WriteOnTheWay();

    /// <summary>Writes what has no page yet; for an end that came early.</summary>
    void WriteNow();

    /// <summary>Writes all pages that are new, and those whose neighbours are.</summary>
    /// <param name="progress">Told of every page; or null.</param>
    /// <param name="cancellation">Stops between two pages.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    void Complete(IProgress<AtlasProgress>? progress = null, CancellationToken cancellation = default);
}
