using CnnViz.Import.Onnx.Protocol;

namespace CnnViz.Import.Onnx;

/// <summary>The image input of an ONNX graph.</summary>
/// <param name="Name">Name of the value.</param>
/// <param name="Channels">Number of channels.</param>
/// <param name="Height">Height, or null where it is open.</param>
/// <param name="Width">Width, or null where it is open.</param>
/// <param name="ChannelsLast">True for N×H×W×C.</param>
internal sealed record OnnxInput(string Name, int Channels, int? Height, int? Width, bool ChannelsLast)
{
    private const long LargestSide = 1 << 16;

    // Values in an image: more than any network takes, and less than stops a machine.
    private const long LargestImage = 1 << 26;

    /// <summary>Finds it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="problem">Why there is none, else empty.</param>
    /// <returns>The input; null where the graph does not have exactly one, and that of four dimensions.</returns>
    public static OnnxInput? Find(GraphProto graph, out string problem)
    {
        problem = string.Empty;
        // Old files list the weights among the inputs.
        HashSet<string> weights = [.. graph.Initializer.Select(tensor => tensor.Name)];
        ValueInfoProto[] inputs = [.. graph.Input.Where(input => !weights.Contains(input.Name))];
        if (inputs is not [ValueInfoProto input])
        {
            problem = inputs.Length == 0
                ? "it has no input"
                : $"it has {inputs.Length} inputs: {string.Join(", ", inputs.Select(i => $"'{i.Name}'"))}";
            return null;
        }

        long?[]? shape = input.Type?.TensorType?.Shape?.Dim
            .Select(dim => dim.HasDimValue && dim.DimValue > 0 ? dim.DimValue : (long?)null).ToArray();
        if (shape is not { Length: 4 })
        {
            string text = shape is null ? "no shape" : $"the shape [{string.Join(", ", shape.Select(size => size?.ToString() ?? "?"))}]";
            problem = $"its input '{input.Name}' has {text}, not four dimensions";
            return null;
        }

        // Convolutions take channels first; only what is transposed before can have them last.
        NodeProto? convolution = graph.Node.FirstOrDefault(node => node.OpType == "Conv" && node.Input.FirstOrDefault() == input.Name);
        bool channelsLast = convolution is null && IsColours(shape[3]) && !IsColours(shape[1]);
        long?[] sizes = channelsLast ? [shape[3], shape[1], shape[2]] : [shape[1] ?? ChannelsOf(convolution, graph), shape[2], shape[3]];
        if (IsAbsurd(sizes))
        {
            problem = $"its input '{input.Name}' has the absurd size {string.Join('×', sizes.Select(size => size?.ToString() ?? "?"))}";
            return null;
        }

        return new OnnxInput(input.Name, (int)(sizes[0] ?? 3), (int?)sizes[1], (int?)sizes[2], channelsLast);
    }

    /// <summary>Whether no image has such a size.</summary>
    /// <param name="sizes">Channels, height and width; null where they are open.</param>
    public static bool IsAbsurd(long?[] sizes) =>
        sizes.Any(size => size is < 1 or > LargestSide) || sizes.Aggregate(1L, (product, size) => product * (size ?? 224)) > LargestImage;

    /// <summary>The error for a model that does not take images.</summary>
    public static ModelFormatException NotImages(string file, string why) => new(
        "NotAnImageModel",
        $"'{file}' is not a convolutional network for images: {why}.",
        "CnnViz looks into networks with one image input and 2-D convolutions.");

    private static long? ChannelsOf(NodeProto? convolution, GraphProto graph)
    {
        TensorProto? weight = convolution is null ? null
            : graph.Initializer.FirstOrDefault(tensor => tensor.Name == convolution.Input.ElementAtOrDefault(1));
        long groups = convolution?.Attribute.FirstOrDefault(attribute => attribute.Name == "group")?.I ?? 1;
        long channels = weight?.Dims.Count == 4 ? weight.Dims[1] * groups : 0;
        return channels > 0 ? channels : null;
    }

    private static bool IsColours(long? size) => size is 1 or 3 or 4;
}
