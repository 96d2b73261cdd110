using CnnViz.Import.Onnx.Protocol;

namespace CnnViz.Import.Onnx;

/// <summary>
/// A graph for one image without a dimension for their number (C×H×W or H×W×C), made one for images in any number: what it does before
/// it adds that dimension is done to four dimensions instead of three.
/// </summary>
internal static class OnnxSingleImage
{
    // They do the same with a dimension more in front, if their other operands have no more dimensions than the image.
    private static readonly HashSet<string> s_passing =
    [
        "Identity", "Cast", "Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Neg", "Sqrt", "Abs", "Clip", "Relu", "LeakyRelu", "Sigmoid", "Tanh",
        "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "Quant", "Affine", "Scale", "Dropout",
    ];

    /// <summary>Changes the nodes behind an input.</summary>
    /// <returns>Null, or what stands in the way.</returns>
    public static string? Widen(GraphProto graph, string input)
    {
        var narrow = new HashSet<string>(StringComparer.Ordinal) { input };
        foreach (NodeProto node in graph.Node)
        {
            if (!node.Input.Any(narrow.Contains))
            {
                continue;
            }

            if (s_passing.Contains(node.OpType))
            {
                narrow.UnionWith(node.Output.Take(1));
            }
            else if (node.OpType == "Transpose" && node.Attribute.FirstOrDefault(attribute => attribute.Name == "perm") is { Ints.Count: 3 } order)
            {
                long[] wide = [0, .. order.Ints.Select(axis => axis + 1)];
                order.Ints.Clear();
                order.Ints.AddRange(wide);
                narrow.UnionWith(node.Output);
            }
            else if (node.OpType is "Unsqueeze" && AddsFront(graph, node))
            {
                node.OpType = "Identity";
                node.Attribute.Clear();
                while (node.Input.Count > 1)
                {
                    node.Input.RemoveAt(1);
                }
            }
            else
            {
                return $"its input '{input}' is one image without a dimension for their number, and {OnnxGraphBuilder.Describe(node)} works on it";
            }
        }

        return null;
    }

    private static bool AddsFront(GraphProto graph, NodeProto node) =>
        (node.Attribute.FirstOrDefault(attribute => attribute.Name == "axes")?.Ints.ToArray()
            ?? OnnxInputTrace.LongsAt(graph, node.Input.ElementAtOrDefault(1))) is [0 or -4];
}
