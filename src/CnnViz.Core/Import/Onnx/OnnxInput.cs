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
    /// <summary>Finds it.</summary>
    /// <exception cref="ModelFormatException">There is none, or more than one.</exception>
    public static OnnxInput Find(string file, GraphProto graph)
    {
        // Old files list the weights among the inputs.
        HashSet<string> weights = [.. graph.Initializer.Select(tensor => tensor.Name)];
        ValueInfoProto[] inputs = [.. graph.Input.Where(input => !weights.Contains(input.Name))];
        if (inputs is not [ValueInfoProto input])
        {
            throw NotImages(file, inputs.Length == 0 ? "it has no input" : $"it has {inputs.Length} inputs: {string.Join(", ", inputs.Select(i => $"'{i.Name}'"))}");
        }

        long?[]? shape = input.Type?.TensorType?.Shape?.Dim
            .Select(dim => dim.HasDimValue && dim.DimValue > 0 ? dim.DimValue : (long?)null).ToArray();
        if (shape is not { Length: 4 })
        {
            string text = shape is null ? "no shape" : $"the shape [{string.Join(", ", shape.Select(size => size?.ToString() ?? "?"))}]";
            throw NotImages(file, $"its input '{input.Name}' has {text}, not four dimensions");
        }

        bool channelsLast = IsColours(shape[3]) && !IsColours(shape[1]);
        long? channels = channelsLast ? shape[3] : shape[1];
        return new OnnxInput(
            input.Name,
            (int)(channels ?? 3),
            (int?)(channelsLast ? shape[1] : shape[2]),
            (int?)(channelsLast ? shape[2] : shape[3]),
            channelsLast);
    }

    /// <summary>The error for a model that does not take images.</summary>
    public static ModelFormatException NotImages(string file, string why) => new(
        "NotAnImageModel",
        $"'{file}' is not a convolutional network for images: {why}.",
        "CnnViz looks into networks with one image input and 2-D convolutions.");

    private static bool IsColours(long? size) => size is 1 or 3 or 4;
}
