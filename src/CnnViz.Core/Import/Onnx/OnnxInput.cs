using CnnViz.Import.Onnx.Protocol;
using DataType = CnnViz.Import.Onnx.Protocol.TensorProto.Types.DataType;

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

    /// <summary>The type of its values.</summary>
    public DataType Type { get; private init; } = DataType.Float;

    /// <summary>Whether the graph takes one image without a dimension for their number.</summary>
    public bool IsSingle { get; private init; }

    /// <summary>The graph's other inputs.</summary>
    public IReadOnlyList<ValueInfoProto> Others { get; private init; } = [];

    /// <summary>
    /// Finds it: of several inputs the first that convolutions read; where none do, the first of four dimensions.
    /// </summary>
    /// <param name="graph">The graph, its nodes in order.</param>
    /// <param name="given">Names of inputs that have a value, and are not the image.</param>
    /// <param name="problem">Why there is none, else empty.</param>
    /// <returns>The input, or null.</returns>
    public static OnnxInput? Find(GraphProto graph, IReadOnlyCollection<string> given, out string problem)
    {
        // Old files list the weights among the inputs.
        HashSet<string> weights = [.. graph.Initializer.Select(tensor => tensor.Name)];
        ValueInfoProto[] inputs = [.. graph.Input.Where(input => !weights.Contains(input.Name))];
        (ValueInfoProto Value, OnnxInputTrace Trace)[] candidates =
            [.. inputs.Where(input => !given.Contains(input.Name)).Select(input => (input, OnnxInputTrace.Follow(graph, input)))];
        (ValueInfoProto image, OnnxInputTrace trace) = candidates
            .OrderBy(candidate => candidate.Trace.IsConvolved ? 0 : ShapeOf(candidate.Value)?.Length == 4 ? 1 : 2).FirstOrDefault();
        if (image is null)
        {
            problem = inputs.Length == 0 ? "it has no input" : "no input is left for the image";
            return null;
        }

        if (inputs.Length > 1 && !trace.IsConvolved && ShapeOf(image)?.Length != 4)
        {
            problem = $"it has {inputs.Length} inputs, none of them an image: {string.Join(", ", inputs.Select(i => $"'{i.Name}'"))}";
            return null;
        }

        return Describe(image, trace, out problem) is { } found
            ? found with { Others = [.. inputs.Where(input => input != image)] }
            : null;
    }

    /// <summary>Whether no image has such a size.</summary>
    /// <param name="sizes">Channels, height and width; null where they are open.</param>
    public static bool IsAbsurd(long?[] sizes) =>
        sizes.Any(size => size is < 1 or > LargestSide) || sizes.Aggregate(1L, (product, size) => product * (size ?? 224)) > LargestImage;

    /// <summary>The error for a model that does not take images.</summary>
    public static ModelFormatException NotImages(string file, string why) => new(
        "NotAnImageModel",
        $"'{file}' is not a convolutional network for images: {why}.",
        "CnnViz looks into networks with an image input and 2-D convolutions.");

    /// <summary>What a graph's convolutions run over, where none runs over images; else null.</summary>
    public static string? WhyNot(GraphProto graph)
    {
        HashSet<int> dimensions = [.. graph.Node.Where(node => node.OpType is "Conv" or "ConvTranspose")
            .Select(node => node.Attribute.FirstOrDefault(attribute => attribute.Name == "kernel_shape")?.Ints.Count
                ?? graph.Initializer.FirstOrDefault(tensor => tensor.Name == node.Input.ElementAtOrDefault(1))?.Dims.Count - 2 ?? 2)];
        return dimensions.Count == 0 || dimensions.Contains(2) ? null
            : dimensions.Contains(3) ? "its convolutions are 3-D (Conv3d), over volumes or videos"
            : "its convolutions are 1-D (Conv1d), over sound, text or other series";
    }

    /// <summary>The sizes that a graph states for a value, null where they are open; null where it states none.</summary>
    public static long?[]? ShapeOf(ValueInfoProto value) => value.Type?.TensorType?.Shape?.Dim
        .Select(dim => dim.HasDimValue && dim.DimValue > 0 ? dim.DimValue : (long?)null).ToArray();

    private static OnnxInput? Describe(ValueInfoProto input, OnnxInputTrace trace, out string problem)
    {
        problem = string.Empty;
        long?[]? shape = ShapeOf(input) ?? (trace.ChannelsLast is null ? null : new long?[4]);
        bool isSingle = shape is { Length: 3 } && trace.IsConvolved;
        if (shape is not { Length: 4 } && !isSingle)
        {
            string text = shape is null ? "no shape" : $"the shape [{string.Join(", ", shape.Select(size => size?.ToString() ?? "?"))}]";
            problem = $"its input '{input.Name}' has {text}, not four dimensions";
            return null;
        }

        (long? first, long? middle, long? last) = (shape![^3], shape[^2], shape[^1]);
        bool channelsLast = trace.ChannelsLast ?? (IsColours(last) && !IsColours(first));
        long?[] sizes = channelsLast ? [last ?? trace.Channels, first, middle] : [first ?? trace.Channels, middle, last];
        if (IsAbsurd(sizes))
        {
            problem = $"its input '{input.Name}' has the absurd size {string.Join('×', sizes.Select(size => size?.ToString() ?? "?"))}";
            return null;
        }

        return new OnnxInput(input.Name, (int)(sizes[0] ?? 3), (int?)sizes[1], (int?)sizes[2], channelsLast)
        {
            Type = (DataType)(input.Type?.TensorType?.ElemType ?? (int)DataType.Float),
            IsSingle = isSingle,
        };
    }

    private static bool IsColours(long? size) => size is 1 or 3 or 4;
}
