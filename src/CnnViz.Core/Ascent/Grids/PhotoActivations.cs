using CnnViz.Networks;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The activations of a layer for a photo, position by position.</summary>
/// <param name="Rows">Rows of positions.</param>
/// <param name="Columns">Columns of positions.</param>
/// <param name="Vectors">For each position, row by row, one value a filter.</param>
internal sealed record PhotoActivations(int Rows, int Columns, float[][] Vectors)
{
    /// <summary>Runs the network; where there are too many positions, neighbouring ones become one, their mean.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="path">Full path of the photo.</param>
    /// <param name="most">The most rows, and columns.</param>
    /// <param name="cancellation">Stops between two operations.</param>
    /// <exception cref="CnnVizException">The photo cannot be read, or the layer has one value for the whole image.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PhotoActivations Read(CnnLayer layer, string path, int most, CancellationToken cancellation)
    {
        if (!layer.HasMaps)
        {
            throw new CnnVizException(
                "NoMap", $"Layer '{layer}' has no maps: it has one value for the whole image.", "Give an earlier layer.");
        }

        LayerShape shape = layer.Model.InputShape;
        byte[] pixels = ImageFile.ReadCenter(path, shape.Channels, shape.Height, shape.Width);
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor image = ImageFile.ToTensor([pixels], shape).to(layer.Model.TorchDevice);
        torch.Tensor maps = layer.Model.Graph.SubGraph(layer.Node).Run(layer.Model.Preprocessing.Apply(image), cancellation);
        (int rows, int columns) = (Fewer(maps.shape[2], most), Fewer(maps.shape[3], most));
        torch.Tensor cells = torch.nn.functional.adaptive_avg_pool2d(maps, [rows, columns]);
        float[] values = cells[0].permute(1, 2, 0).ToFloats();
        return new PhotoActivations(rows, columns, [.. values.Chunk(layer.Filters)]);
    }

    // As many as whole numbers of positions make, the last of which may have fewer.
    private static int Fewer(long count, int most)
    {
        long together = (count + most - 1) / most;
        return (int)((count + together - 1) / together);
    }
}
