using CnnViz.Networks.Graphs;

namespace CnnViz.Networks;

/// <summary>Finds the layers and blocks of a network: the nodes, and modules, whose output has channels and changes with the image.</summary>
internal static class LayerList
{
    /// <param name="model">The model, with its graph.</param>
    /// <param name="outputs">Shape and kind of each node's output for one image of the model's input size.</param>
    public static (IReadOnlyList<CnnLayer> Layers, IReadOnlyList<CnnLayer> Blocks) Of(
        CnnModel model, IReadOnlyList<(long[]? Shape, bool IsFloat)> outputs)
    {
        Graph graph = model.Graph;
        ReceptiveField[] fields = graph.ReceptiveFields([.. outputs.Select(output => output.Shape)]);
        var layers = new List<CnnLayer>();
        for (int node = 1; node < outputs.Count; node++)
        {
            if (graph.SeesImage(node) && graph.Nodes[node].Operator.IsLayer && ShapeOf(node) is { } shape)
            {
                layers.Add(new CnnLayer(model, layers.Count, node, shape, fields[node]));
            }
        }

        HashSet<string> taken = [.. layers.Select(layer => layer.Name)];
        var blocks = new List<CnnLayer>();
        foreach (GraphBlock block in GraphBlock.Find(graph).Where(block => !taken.Contains(block.Name)))
        {
            if (ShapeOf(block.Node) is { } shape)
            {
                int index = Math.Max(0, layers.FindLastIndex(layer => layer.Node <= block.Node));
                blocks.Add(new CnnLayer(model, index, block, shape, fields[block.Node]));
            }
        }

        return (layers, blocks);

        LayerShape? ShapeOf(int node) => outputs[node] is ({ Length: 2 or 4 } shape, true) && shape[0] == 1 ? LayerShape.Of(shape) : null;
    }
}
