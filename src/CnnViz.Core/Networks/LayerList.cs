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
        long[]?[] shapes = [.. outputs.Select(output => output.Shape)];
        (ReceptiveField[] fields, ReceptiveField[] places) = (graph.ReceptiveFields(shapes), graph.Places(shapes));

        // A module whose own output is a node, and no value of a layer within it, is a layer and a block.
        HashSet<int> both = [.. graph.Blocks.Where(block => block.HasModules && graph.Nodes[block.Node].Name == block.Name).Select(block => block.Node)];
        var layers = new List<CnnLayer>();
        for (int node = 1; node < outputs.Count; node++)
        {
            if (graph.SeesImage(node) && graph.Nodes[node].Operator.IsLayer && ShapeOf(node) is { } shape)
            {
                layers.Add(new CnnLayer(model, layers.Count, node, shape, fields[node]) { IsBlock = both.Contains(node), Places = places[node] });
            }
        }

        Dictionary<string, CnnLayer> byName = layers.ToDictionary(layer => layer.Name, StringComparer.Ordinal);
        return (layers, [.. graph.Blocks.Select(BlockOf).OfType<CnnLayer>()]);

        CnnLayer? BlockOf(GraphBlock block)
        {
            if (byName.TryGetValue(block.Name, out CnnLayer? named))
            {
                return named.IsBlock ? named : null;
            }

            int index = Math.Max(0, layers.FindLastIndex(layer => layer.Node <= block.Node));
            return ShapeOf(block.Node) is { } shape ? new CnnLayer(model, index, block, shape, fields[block.Node]) { Places = places[block.Node] } : null;
        }

        LayerShape? ShapeOf(int node) => outputs[node] is ({ Length: 2 or 4 } shape, true) && shape[0] == 1 ? LayerShape.Of(shape) : null;
    }
}
