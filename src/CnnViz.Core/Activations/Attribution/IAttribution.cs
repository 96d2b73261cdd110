using TorchSharp;

namespace CnnViz.Activations;

/// <summary>A method that finds what of an image the answers of a layer's filters come from.</summary>
internal interface IAttribution
{
    /// <summary>The method.</summary>
    MapMethod Method { get; }

    /// <summary>The layer whose positions the maps have; null where they are places of the image.</summary>
    string? MapLayer { get; }

    /// <summary>The side of the square that covers the image, in pixels; null where there is none.</summary>
    int? WindowSize { get; }

    /// <summary>Where the positions of the maps lie.</summary>
    MapGrid Grid { get; }

    /// <summary>Columns of the maps.</summary>
    int Columns { get; }

    /// <summary>How often the network runs for an image, for progress.</summary>
    int Runs { get; }

    /// <summary>Explains answers to an image.</summary>
    /// <param name="image">1×C×H×W, 0…1, on the model's device; stays the caller's.</param>
    /// <param name="choose">The filters that are asked for, by the layer's output for the image: 1×C×H×W, or 1×C.</param>
    /// <param name="report">Told of how many runs have been done.</param>
    /// <param name="cancellation">Stops between two operations of the network.</param>
    /// <returns>For each filter its map, row by row.</returns>
    /// <exception cref="CnnVizException">The answer has no gradient, or the network does not take several images at once.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    float[][] Explain(torch.Tensor image, Func<torch.Tensor, int[]> choose, Action<int> report, CancellationToken cancellation);
}
