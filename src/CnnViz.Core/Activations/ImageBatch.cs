using CnnViz.Networks;
using CnnViz.Pictures;

namespace CnnViz.Activations;

/// <summary>Reads the images of a batch side by side.</summary>
internal static class ImageBatch
{
    /// <summary>Reads images as classifiers are tested.</summary>
    /// <param name="paths">Full paths of their files.</param>
    /// <param name="shape">The network's input.</param>
    /// <param name="cancellation">Stops between two images.</param>
    /// <returns>For each image its pixels (see <see cref="ImageFile.ReadCenter"/>), or why it cannot be read.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static (byte[]? Pixels, CnnVizException? Failure)[] Read(
        IReadOnlyList<string> paths, LayerShape shape, CancellationToken cancellation) =>
        [.. paths.AsParallel().AsOrdered().WithCancellation(cancellation).Select(path => Read(path, shape))];

    private static (byte[]? Pixels, CnnVizException? Failure) Read(string path, LayerShape shape)
    {
        try
        {
            return (ImageFile.ReadCenter(path, shape.Channels, shape.Height, shape.Width), null);
        }
        catch (CnnVizException exception)
        {
            return (null, exception);
        }
    }
}
