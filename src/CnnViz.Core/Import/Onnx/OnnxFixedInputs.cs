using System.Globalization;
using System.Runtime.InteropServices;
using CnnViz.Import.Onnx.Protocol;
using Google.Protobuf;
using DataType = CnnViz.Import.Onnx.Protocol.TensorProto.Types.DataType;

namespace CnnViz.Import.Onnx;

/// <summary>Inputs of a graph beside the image: each gets a value that stays, what the user gives or zeros.</summary>
internal static class OnnxFixedInputs
{
    // Values; what is larger is no setting of a network, and a damaged file must not ask for it.
    private const long LargestInput = 1 << 22;

    /// <summary>Puts the values into the graph.</summary>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="image">The image.</param>
    /// <param name="given">Values by the names of inputs: one for all, or as many as the input has.</param>
    /// <returns>What the user should know, a sentence; null for nothing.</returns>
    /// <exception cref="CnnVizException">A name is no input's, or a value has another number of values.</exception>
    public static string? Add(string file, GraphProto graph, OnnxInput image, IReadOnlyDictionary<string, float[]> given)
    {
        string? unknown = given.Keys.FirstOrDefault(name => image.Others.All(input => input.Name != name));
        if (unknown is not null)
        {
            throw new CnnVizException(
                "InputUnknown",
                $"'{file}' has no input '{unknown}' beside the image '{image.Name}'.",
                image.Others.Count == 0 ? "Leave -Input out." : $"Its other inputs are {string.Join(", ", image.Others.Select(Describe))}.");
        }

        var nodes = new List<NodeProto>();
        foreach (ValueInfoProto input in image.Others)
        {
            Add(graph, nodes, image, input, given.GetValueOrDefault(input.Name));
        }

        for (int i = 0; i < nodes.Count; i++)
        {
            graph.Node.Insert(i, nodes[i]);
        }

        ValueInfoProto[] zeros = [.. image.Others.Where(input => !given.ContainsKey(input.Name))];
        return zeros.Length == 0 ? null
            : $"'{file}' has inputs beside the image '{image.Name}', which are zeros: {string.Join(", ", zeros.Select(Describe))}. "
            + "Give -Input other values if that is not what the network expects.";
    }

    private static void Add(GraphProto graph, List<NodeProto> nodes, OnnxInput image, ValueInfoProto input, float[]? values)
    {
        long?[] stated = OnnxInput.ShapeOf(input) ?? [];
        long[] shape = [.. stated.Select(size => size ?? 1)];
        long count = OnnxInput.IsAbsurd([1, 1, .. stated]) ? LargestInput + 1 : shape.Aggregate(1L, (product, size) => product * size);
        if (count > LargestInput || (values is not null && values.Length != 1 && values.Length != count))
        {
            throw new CnnVizException(
                "InputMismatch",
                $"Input {Describe(input)} takes {count} values, not {values?.Length ?? 0}.",
                "Give one value for all, or as many as the input has.");
        }

        float[] all = values?.Length == count ? values : [.. Enumerable.Repeat(values?[0] ?? 0, (int)count)];
        if (shape.Length < 2 || shape[0] != 1)
        {
            graph.Initializer.Add(Tensor(input.Name, input, all, shape));
            return;
        }

        // One row, for as many images as there are.
        string Part(string name) => $"{input.Name}/{name}";
        graph.Initializer.Add(Tensor(Part("value"), input, all, shape));
        graph.Initializer.Add(Longs(Part("first"), [0]));
        graph.Initializer.Add(Longs(Part("rest"), shape[1..]));
        nodes.Add(new NodeProto { OpType = "Shape", Input = { image.Name }, Output = { Part("image") } });
        nodes.Add(new NodeProto { OpType = "Gather", Input = { Part("image"), Part("first") }, Output = { Part("count") } });
        nodes.Add(new NodeProto
        {
            OpType = "Concat",
            Input = { Part("count"), Part("rest") },
            Output = { Part("shape") },
            Attribute = { new AttributeProto { Name = "axis", Type = (int)OnnxAttributeType.Int, I = 0 } },
        });
        nodes.Add(new NodeProto { OpType = "Expand", Input = { Part("value"), Part("shape") }, Output = { input.Name } });
    }

    private static TensorProto Tensor(string name, ValueInfoProto input, float[] values, long[] shape)
    {
        var type = (DataType)(input.Type?.TensorType?.ElemType ?? (int)DataType.Float);
        bool isReal = type is DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double;
        TensorProto tensor = isReal
            ? new TensorProto { DataType = (int)DataType.Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)) }
            : type == DataType.Bool
                ? new TensorProto { DataType = (int)type, RawData = ByteString.CopyFrom([.. values.Select(value => (byte)(value == 0 ? 0 : 1))]) }
                : Longs(name, [.. values.Select(value => (long)value)]);
        tensor.Name = name;
        tensor.Dims.Clear();
        tensor.Dims.AddRange(shape);
        return tensor;
    }

    private static TensorProto Longs(string name, long[] values) => new()
    {
        Name = name,
        DataType = (int)DataType.Int64,
        RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(values)),
        Dims = { values.Length },
    };

    private static string Describe(ValueInfoProto input) =>
        $"'{input.Name}' ({string.Join('×', (OnnxInput.ShapeOf(input) ?? []).Select(size => size?.ToString(CultureInfo.InvariantCulture) ?? "?"))})";
}
