using CnnViz.Networks;

namespace CnnViz.Ascent;

/// <summary>Raises the activation of filters of one layer by gradient ascent on the input image.</summary>
/// <param name="layer">The layer.</param>
/// <param name="options">What the user asks for.</param>
public sealed class FilterAscent(CnnLayer layer, AscentOptions options)
{
    /// <summary>Makes the pictures, batch by batch, each as soon as its batch is done.</summary>
    /// <param name="filters">Numbers of the filters; at least one.</param>
    /// <param name="progress">Told of every step; or null.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <returns>The pictures, in order; each is the caller's to dispose.</returns>
    /// <exception cref="CnnVizException">The layer has no such filter, the model was disposed, an option does not fit, or the output
    /// does not depend on the image in a way that has a gradient.</exception>
    /// <exception cref="ImageSizeException">The layer cannot take the size.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<FilterImage> Run(
        IReadOnlyList<int> filters, IProgress<AscentProgress>? progress, CancellationToken cancellation) =>
        new ObjectiveAscent(filters.Select(filter => new FilterObjective(layer.GetFilter(filter))), options).Run(progress, cancellation);
}
