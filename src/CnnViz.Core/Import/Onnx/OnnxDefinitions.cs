using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks.Graphs;
using TorchSharp;
using DataType = CnnViz.Import.Onnx.Protocol.TensorProto.Types.DataType;

namespace CnnViz.Import.Onnx;

/// <summary>The types of attributes, by the numbers of the format.</summary>
internal enum OnnxAttributeType
{
    Float = 1,
    Int = 2,
    String = 3,
    Tensor = 4,
    Floats = 6,
    Ints = 7,
}

/// <summary>Definitions of nodes from ONNX nodes, and back.</summary>
internal static class OnnxDefinitions
{
    /// <summary>What a node's operator was made of.</summary>
    /// <param name="node">The node.</param>
    /// <param name="view">The view that the operator was made with, which knows its operands.</param>
    /// <param name="tensors">Reads tensors of attributes.</param>
    public static NodeDefinition Of(NodeProto node, OnnxNode view, OnnxTensors tensors) => new(
        node.OpType,
        node.Attribute.ToDictionary(
            attribute => attribute.Name,
            attribute => (node.OpType, attribute.Name) == ("Cast", "to") ? TypeOf(attribute, view.Opset) : ValueOf(attribute, tensors),
            StringComparer.Ordinal),
        [.. view.Operands],
        Enumerable.Range(0, node.Input.Count)
            .Where(input => !view.Operands.Contains(input) && view.Constant(input) is not null)
            .ToDictionary(input => input, input => view.Constant(input)!.alias().DetachFromDisposeScope()),
        view.Output,
        node.Output.Count);

    /// <summary>An attribute with its type.</summary>
    public static AttributeProto ToAttribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case long whole:
                (attribute.I, attribute.Type) = (whole, (int)OnnxAttributeType.Int);
                break;
            case float real:
                (attribute.F, attribute.Type) = (real, (int)OnnxAttributeType.Float);
                break;
            case string text:
                (attribute.S, attribute.Type) = (Google.Protobuf.ByteString.CopyFromUtf8(text), (int)OnnxAttributeType.String);
                break;
            case long[] wholes:
                attribute.Ints.AddRange(wholes);
                attribute.Type = (int)OnnxAttributeType.Ints;
                break;
            case float[] reals:
                attribute.Floats.AddRange(reals);
                attribute.Type = (int)OnnxAttributeType.Floats;
                break;
            case torch.Tensor tensor:
                (attribute.T, attribute.Type) = (OnnxTensors.Write(string.Empty, tensor), (int)OnnxAttributeType.Tensor);
                break;
            default:
                throw new ArgumentException($"An attribute cannot be a {value.GetType().Name}.", nameof(value));
        }

        return attribute;
    }

    // The types that values have here; before set 6 they are words.
    private static object TypeOf(AttributeProto attribute, int opset)
    {
        if (opset < 6)
        {
            return attribute.S.ToStringUtf8();
        }

        return (DataType)attribute.I switch
        {
            DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double => (long)DataType.Float,
            DataType.Bool => (long)DataType.Bool,
            _ => (long)DataType.Int64,
        };
    }

    // Old writers leave the type out; then the field that is there tells.
    private static object ValueOf(AttributeProto attribute, OnnxTensors tensors) => (OnnxAttributeType)attribute.Type switch
    {
        OnnxAttributeType.Float => attribute.F,
        OnnxAttributeType.Int => attribute.I,
        OnnxAttributeType.String => attribute.S.ToStringUtf8(),
        OnnxAttributeType.Tensor => tensors.Read(attribute.T).DetachFromDisposeScope(),
        OnnxAttributeType.Floats => attribute.Floats.ToArray(),
        OnnxAttributeType.Ints => attribute.Ints.ToArray(),
        _ when attribute.T is not null => tensors.Read(attribute.T).DetachFromDisposeScope(),
        _ when attribute.HasF => attribute.F,
        _ when attribute.HasS => attribute.S.ToStringUtf8(),
        _ when attribute.Floats.Count > 0 => attribute.Floats.ToArray(),
        _ when attribute.Ints.Count > 0 => attribute.Ints.ToArray(),
        _ => attribute.I,
    };
}
