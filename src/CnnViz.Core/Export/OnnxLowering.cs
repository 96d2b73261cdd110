using CnnViz.Import.Onnx;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Export;

/// <summary>Writes what ONNX, or the operator set of the file, does not have as a node with nodes that it has.</summary>
internal static class OnnxLowering
{
    // The operator set that Swish came with.
    private const int SwishOpset = 24;

    /// <summary>Adds a node, or what stands for it.</summary>
    /// <param name="graph">The graph; the node's inputs are in it.</param>
    /// <param name="node">The node.</param>
    /// <param name="opset">Version of the operator set.</param>
    /// <param name="shape">Shape of its first input.</param>
    public static void AddNode(GraphProto graph, NodeProto node, int opset, long[] shape)
    {
        switch (node.OpType)
        {
            case "Swish" when opset < SwishOpset:
                AddSwish(graph, node);
                break;
            case ChannelLayerNorm.DefinitionType:
                AddChannelLayerNorm(graph, node);
                break;
            case AdaptiveAvgPool.DefinitionType:
                AddAdaptiveAvgPool(graph, node, (shape[2], shape[3]));
                break;
            default:
                graph.Node.Add(node);
                break;
        }
    }

    private static void AddSwish(GraphProto graph, NodeProto node)
    {
        string gate = Step(graph, node, "Sigmoid", node.Input[0]);
        Finish(graph, node, "Mul", node.Input[0], gate);
    }

    private static void AddChannelLayerNorm(GraphProto graph, NodeProto node)
    {
        string last = Step(graph, node, "Transpose", node.Input[0]);
        graph.Node[^1].Attribute.Add(OnnxDefinitions.ToAttribute("perm", new long[] { 0, 2, 3, 1 }));
        string normal = Step(graph, node, "LayerNormalization", [last, .. node.Input.Skip(1)]);
        graph.Node[^1].Attribute.Add(node.Attribute);
        Finish(graph, node, "Transpose", normal);
        graph.Node[^1].Attribute.Add(OnnxDefinitions.ToAttribute("perm", new long[] { 0, 3, 1, 2 }));
    }

    // Windows of one size where they fit; else a mean of rows and a mean of columns, each a product with a matrix.
    private static void AddAdaptiveAvgPool(GraphProto graph, NodeProto node, (long Height, long Width) from)
    {
        var to = node.Attribute.Single(attribute => attribute.Name == AdaptiveAvgPool.SizeAttribute).Ints;
        if (from.Height % to[0] == 0 && from.Width % to[1] == 0)
        {
            long[] window = [from.Height / to[0], from.Width / to[1]];
            Finish(graph, node, "AveragePool", node.Input[0]);
            graph.Node[^1].Attribute.Add(OnnxDefinitions.ToAttribute("kernel_shape", window));
            graph.Node[^1].Attribute.Add(OnnxDefinitions.ToAttribute("strides", window));
            return;
        }

        using torch.Tensor rows = Means(from.Height, to[0]);
        using torch.Tensor columns = Means(from.Width, to[1]);
        using torch.Tensor transposed = columns.t();
        string means = Step(graph, node, "MatMul", Constant(graph, node, "rows", rows), node.Input[0]);
        Finish(graph, node, "MatMul", means, Constant(graph, node, "columns", transposed));
    }

    /// <summary>The matrix, to × from, whose product with a column of values is the mean of each window.</summary>
    private static torch.Tensor Means(long from, long to)
    {
        var means = new float[to, from];
        for (long row = 0; row < to; row++)
        {
            long first = row * from / to;
            long end = ((row + 1) * from + to - 1) / to;
            for (long column = first; column < end; column++)
            {
                means[row, column] = 1f / (end - first);
            }
        }

        return torch.tensor(means);
    }

    private static string Constant(GraphProto graph, NodeProto node, string name, torch.Tensor value)
    {
        graph.Initializer.Add(OnnxTensors.Write($"{node.Output[0]}/{name}", value));
        return graph.Initializer[^1].Name;
    }

    private static string Step(GraphProto graph, NodeProto node, string type, params string[] inputs)
    {
        var step = new NodeProto { Name = $"{node.Name}/{type.ToLowerInvariant()}", OpType = type };
        step.Input.AddRange(inputs);
        step.Output.Add($"{node.Output[0]}/{type.ToLowerInvariant()}");
        step.MetadataProps.Add(node.MetadataProps);
        graph.Node.Add(step);
        return step.Output[0];
    }

    private static void Finish(GraphProto graph, NodeProto node, string type, params string[] inputs)
    {
        var last = new NodeProto { Name = node.Name, OpType = type };
        last.Input.AddRange(inputs);
        last.Output.AddRange(node.Output);
        last.MetadataProps.Add(node.MetadataProps);
        graph.Node.Add(last);
    }
}
