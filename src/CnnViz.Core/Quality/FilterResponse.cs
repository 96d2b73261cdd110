using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>What every filter of a layer answers to one picture.</summary>
/// <param name="Means">Mean of each filter's map.</param>
/// <param name="Squares">Mean square of each filter's map.</param>
/// <param name="Positions">Number of positions of a map.</param>
internal sealed record FilterResponse(float[] Means, float[] Squares, long Positions)
{
    /// <summary>Runs a picture through the network up to a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="graph">The sub-graph that ends in it.</param>
    /// <param name="picture">C×H×W, 0…1.</param>
    /// <param name="cancellation">Stops between two operations.</param>
    /// <exception cref="ImageSizeException">The layer cannot take a picture of this size.</exception>
    /// <exception cref="CnnVizException">The model was disposed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FilterResponse Of(CnnLayer layer, SubGraph graph, torch.Tensor picture, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using IDisposable lease = layer.Model.Lease();
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor output = Run(layer, graph, picture.unsqueeze(0).to(layer.Model.TorchDevice), cancellation);
        torch.Tensor maps = output.reshape(layer.Filters, -1);
        return new FilterResponse(maps.mean([1]).ToFloats(), maps.Square().mean([1]).ToFloats(), maps.shape[1]);
    }

    private static torch.Tensor Run(CnnLayer layer, SubGraph graph, torch.Tensor image, CancellationToken cancellation)
    {
        ImageSizeException? cause = null;
        try
        {
            torch.Tensor output = graph.Run(layer.Model.Preprocessing.Apply(image), cancellation);
            if (output.numel() > 0 && output.shape[0] == 1 && output.shape[1] == layer.Filters)
            {
                return output;
            }
        }
        catch (ImageSizeException exception)
        {
            cause = exception;
        }

        throw new ImageSizeException(
            "ImageSizeRefused",
            $"Layer '{layer.Name}' cannot take a picture of {image.shape[2]}×{image.shape[3]}.",
            $"Maximize the filter at a -Size that the layer takes without a border; the network was made for "
            + $"{layer.Model.InputShape.Height}×{layer.Model.InputShape.Width}.",
            cause);
    }
}
