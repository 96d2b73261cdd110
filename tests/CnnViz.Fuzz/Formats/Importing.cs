using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using TorchSharp;

namespace CnnViz.Fuzz;

/// <summary>What is done with a file of a model: as much as its user does first.</summary>
internal static class Importing
{
    private const long LargestMap = 1 << 14;

    /// <summary>Imports a model, and runs it for one image where that and all maps are small.</summary>
    /// <returns>Its layers.</returns>
    public static string Import(string path, ImportOptions? options = null)
    {
        using CnnModel model = ModelImporter.Import(path, options ?? new ImportOptions());
        LayerShape shape = model.InputShape;
        if (model.Layers.Select(layer => layer.OutputShape).Append(shape).All(map => (long)map.Channels * map.Height * map.Width <= LargestMap))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using var noGradients = torch.no_grad();
            SubGraph whole = model.Graph.SubGraph(model.Graph.Nodes.Count - 1);
            whole.Run(torch.zeros(1, shape.Channels, shape.Height, shape.Width));
        }

        return string.Join(' ', model.Layers.Take(40).Select(layer => layer.Kind));
    }

    /// <summary>Reads all tensors of a file of weights.</summary>
    public static void ReadWeights(string path)
    {
        using StateDict weights = StateDictReader.Read(path);
        foreach (StateTensor tensor in weights.Tensors)
        {
            tensor.Read().Dispose();
        }
    }
}
