using System.Runtime.InteropServices;
using CnnViz.Import.Onnx.Protocol;

namespace CnnViz.Import.Onnx;

/// <summary>What a graph does with an input tells where the input has its channels.</summary>
/// <param name="ChannelsLast">Whether they are its last dimension; null where nothing tells.</param>
/// <param name="Channels">How many the first convolution takes; null where it does not take the image as it is.</param>
/// <param name="IsConvolved">Whether a convolution over two dimensions is reached.</param>
internal sealed record OnnxInputTrace(bool? ChannelsLast, long? Channels, bool IsConvolved)
{
    private static readonly HashSet<string> s_convolutions = ["Conv", "ConvTranspose", "QLinearConv", "ConvInteger", "FusedConv"];

    // Their second dimension are channels.
    private static readonly HashSet<string> s_channelsFirst =
    [
        "MaxPool", "AveragePool", "LpPool", "GlobalAveragePool", "GlobalMaxPool", "BatchNormalization", "InstanceNormalization", "GroupNormalization",
        "LRN", "DepthToSpace", "SpaceToDepth", "ImageScaler", "Crop", "GridSample",
    ];

    // They make other channels of those of the image.
    private static readonly HashSet<string> s_mixers = ["Concat", "Slice", "Split", "DepthToSpace", "SpaceToDepth", "Gather", "Expand", "Tile"];

    // Their values lie as those of the input do.
    private static readonly HashSet<string> s_passing =
    [
        "Identity", "Cast", "CastLike", "Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Neg", "Sqrt", "Abs", "Clip", "Relu", "LeakyRelu", "Sigmoid",
        "Tanh", "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "Quant", "Affine", "Scale", "Pad", "Resize", "Upsample", "Dropout",
        "MeanVarianceNormalization", "LayerNormalization", "Where", "Floor", "Round", "Exp", "Log", "Unsqueeze",
    ];

    /// <summary>Follows an input to the first convolutions.</summary>
    /// <param name="graph">The graph, its nodes in order.</param>
    /// <param name="input">The input.</param>
    public static OnnxInputTrace Follow(GraphProto graph, ValueInfoProto input)
    {
        var values = new Dictionary<string, bool>(StringComparer.Ordinal) { [input.Name] = true }; // whether channels are those of the image
        long?[]? shape = OnnxInput.ShapeOf(input);
        bool? channelsLast = null;
        long? channels = null;
        foreach (NodeProto node in graph.Node)
        {
            if (!node.Input.Any(values.ContainsKey))
            {
                continue;
            }

            bool isWhole = node.Input.Where(values.ContainsKey).All(value => values[value]) && !s_mixers.Contains(node.OpType);
            if (s_convolutions.Contains(node.OpType))
            {
                // QONNX has convolutions of N×H×W×C.
                bool isLast = node.Domain.EndsWith("channels_last", StringComparison.Ordinal) || IntOf(node, "channels_last") == 1;
                channelsLast ??= isLast;
                IReadOnlyList<long>? weight = DimsOf(graph, node.Input.ElementAtOrDefault(node.OpType == "QLinearConv" ? 3 : 1) ?? string.Empty, 0);
                if (weight is not { Count: 4 } && weight is not null)
                {
                    continue;
                }

                bool isTransposed = node.OpType == "ConvTranspose";
                channels ??= !isWhole || weight is null ? null
                    : isTransposed ? weight[0] : (isLast && KernelFirst(node, weight) ? weight[3] : weight[1]) * (IntOf(node, "group") ?? 1);
                return new OnnxInputTrace(channelsLast, channels, IsConvolved: true);
            }

            channelsLast ??= Decide(node, shape, graph);
            if (s_passing.Contains(node.OpType) || s_channelsFirst.Contains(node.OpType) || s_mixers.Contains(node.OpType)
                || node.OpType is "Transpose" or "Reshape" or "Squeeze" or "Flatten" || channelsLast is not null)
            {
                foreach (string output in node.Output)
                {
                    values[output] = isWhole && node.OpType is not ("Reshape" or "Flatten" or "Squeeze");
                }
            }
        }

        return new OnnxInputTrace(channelsLast, null, IsConvolved: false);
    }

    /// <summary>The dimensions of a tensor in the file, through what only changes its type; null where it is none.</summary>
    public static IReadOnlyList<long>? DimsOf(GraphProto graph, string name, int depth)
    {
        if (graph.Initializer.FirstOrDefault(tensor => tensor.Name == name) is { } found)
        {
            return found.Dims;
        }

        NodeProto? maker = graph.Node.FirstOrDefault(node => node.Output.Contains(name));
        return maker?.OpType switch
        {
            "Constant" => maker.Attribute.FirstOrDefault(attribute => attribute.T is not null)?.T.Dims,
            "DequantizeLinear" or "QuantizeLinear" or "Quant" or "Cast" or "Identity" or "Clip" or "Mul" or "Sub" when depth < 8 && maker.Input.Count > 0 =>
                DimsOf(graph, maker.Input[0], depth + 1),
            _ => null,
        };
    }

    /// <summary>Whether weights lie as O×h×w×C.</summary>
    public static bool KernelFirst(NodeProto node, IReadOnlyList<long> weight) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == "kernel_shape")?.Ints is [var height, var width]
        && weight[1] == height && weight[2] == width && (weight[2], weight[3]) != (height, width);

    /// <summary>Whole numbers that a graph has as a constant; null where they are none.</summary>
    public static long[]? LongsAt(GraphProto graph, string? name)
    {
        TensorProto? tensor = graph.Initializer.FirstOrDefault(tensor => tensor.Name == name)
            ?? graph.Node.FirstOrDefault(node => node.OpType == "Constant" && node.Output.Contains(name ?? string.Empty))
                ?.Attribute.FirstOrDefault(attribute => attribute.T is not null)?.T;
        return tensor is null ? null
            : tensor.Int64Data.Count > 0 ? [.. tensor.Int64Data]
            : tensor.HasRawData && tensor.DataType == (int)TensorProto.Types.DataType.Int64 && tensor.RawData.Length % 8 == 0
                ? MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray()
            : null;
    }

    private static bool? Decide(NodeProto node, long?[]? shape, GraphProto graph) =>
        node.Domain.EndsWith("channels_last", StringComparison.Ordinal) || IntOf(node, "channels_last") == 1 ? true
        : s_channelsFirst.Contains(node.OpType) ? false
        : node.OpType == "Transpose" && node.Attribute.FirstOrDefault(attribute => attribute.Name == "perm")?.Ints is { } perm
            ? perm is [0, 3, 1, 2] or [2, 0, 1] ? true : null
        // A map of one channel is reshaped, not transposed.
        : node.OpType == "Reshape" && shape is [_, not 1, _, 1] && LongsAt(graph, node.Input.ElementAtOrDefault(1)) is [_, 1, not 1, _] ? true
        : null;

    private static long? IntOf(NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.I;
}
