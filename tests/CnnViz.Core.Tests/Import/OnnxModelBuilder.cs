using System.Runtime.InteropServices;
using CnnViz.Import.Onnx.Protocol;
using Google.Protobuf;
using DataType = CnnViz.Import.Onnx.Protocol.TensorProto.Types.DataType;

namespace CnnViz.Tests.Import;

/// <summary>Puts small ONNX models together.</summary>
internal sealed class OnnxModelBuilder
{
    /// <param name="opset">Version of the standard operators.</param>
    public OnnxModelBuilder(int opset = 13)
    {
        Model = new ModelProto { IrVersion = 8, ProducerName = "test", Graph = new GraphProto { Name = "graph" } };
        Model.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = opset });
    }

    public ModelProto Model { get; }

    public byte[] ToBytes() => Model.ToByteArray();

    /// <summary>A network of one 3×3 convolution and a ReLU for images of 1×3×8×8, with its weights in the given tensor.</summary>
    public static OnnxModelBuilder Convolution(TensorProto weights, int opset = 13) => new OnnxModelBuilder(opset)
        .Input("image", 1, 3, 8, 8)
        .Initializer(weights)
        .Node("Conv", ["image", weights.Name], ["conv"], ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }))
        .Node("Relu", ["conv"], ["relu"])
        .Output("relu");

    /// <summary>The same with 4×3×3×3 random weights.</summary>
    public static OnnxModelBuilder Convolution(int opset = 13) => Convolution(Floats("weight", Noise(108, 1), 4, 3, 3, 3), opset);

    /// <param name="name">Name of the input.</param>
    /// <param name="shape">Its shape; below zero for an open size.</param>
    public OnnxModelBuilder Input(string name, params long[] shape)
    {
        Model.Graph.Input.Add(Value(name, DataType.Float, shape));
        return this;
    }

    public OnnxModelBuilder Output(string name)
    {
        Model.Graph.Output.Add(new ValueInfoProto { Name = name });
        return this;
    }

    public OnnxModelBuilder Initializer(TensorProto tensor)
    {
        Model.Graph.Initializer.Add(tensor);
        return this;
    }

    public OnnxModelBuilder Node(string type, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = type };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        Model.Graph.Node.Add(node);
        return this;
    }

    public static ValueInfoProto Value(string name, DataType type, params long[] shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto() };
        tensor.Shape.Dim.AddRange(shape.Select((size, i) => size < 0
            ? new TensorShapeProto.Types.Dimension { DimParam = $"d{i}" }
            : new TensorShapeProto.Types.Dimension { DimValue = size }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    public static TensorProto Raw(string name, DataType type, ReadOnlySpan<byte> bytes, params long[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(shape);
        return tensor;
    }

    public static TensorProto Floats(string name, float[] values, params long[] shape) =>
        Raw(name, DataType.Float, MemoryMarshal.AsBytes<float>(values), shape);

    public static TensorProto Longs(string name, long[] values, params long[] shape) =>
        Raw(name, DataType.Int64, MemoryMarshal.AsBytes<long>(values), shape);

    /// <summary>Random values in −1…1.</summary>
    public static float[] Noise(long count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, (int)count).Select(_ => random.NextSingle() * 2 - 1)];
    }

    private static AttributeProto Attribute(string name, object value)
    {
        // The types by their numbers in the format.
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case int or long:
                (attribute.Type, attribute.I) = (2, Convert.ToInt64(value));
                break;
            case float or double:
                (attribute.Type, attribute.F) = (1, Convert.ToSingle(value));
                break;
            case string text:
                (attribute.Type, attribute.S) = (3, ByteString.CopyFromUtf8(text));
                break;
            case TensorProto tensor:
                (attribute.Type, attribute.T) = (4, tensor);
                break;
            case float[] values:
                attribute.Type = 6;
                attribute.Floats.AddRange(values);
                break;
            case long[] values:
                attribute.Type = 7;
                attribute.Ints.AddRange(values);
                break;
            default:
                throw new ArgumentException($"no attribute has the type {value.GetType()}");
        }

        return attribute;
    }
}
