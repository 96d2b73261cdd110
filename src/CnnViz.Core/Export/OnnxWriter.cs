using CnnViz.Import.Onnx;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using Google.Protobuf;
using TorchSharp;

namespace CnnViz.Export;

/// <summary>Writes a model as an ONNX file: its graph as it runs here, its weights, its names, and what it wants of a picture.</summary>
public static class OnnxWriter
{
    // protobuf's own limit.
    private const long LargestFile = int.MaxValue;

    /// <summary>Writes it, whole or not at all.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Path of the file. Its folder is made if need be; a file that is there is replaced.</param>
    /// <param name="cancellation">Stops at the next piece of the file.</param>
    /// <exception cref="CnnVizException">The model was disposed, is too large for one file, or has a node that cannot be written; or the
    /// file cannot.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; there is no file then.</exception>
    public static void Write(CnnModel model, string path, CancellationToken cancellation = default)
    {
        using IDisposable lease = model.Lease();
        ModelProto proto = ToProto(model);
        if (proto.CalculateSize() is var size && (size < 0 || size >= LargestFile))
        {
            throw new CnnVizException("ModelTooLarge", $"Model '{model.Name}' is larger than an ONNX file can be (2 GB).", null);
        }

        WholeFile.Write(path, stream => proto.WriteTo(stream), cancellation);
    }

    internal static ModelProto ToProto(CnnModel model)
    {
        var graph = new GraphProto { Name = model.Name };
        graph.Input.Add(InputOf(model));
        string[] values = [.. model.Graph.Nodes.Select(node => node.Source)];
        (long[] Shape, TensorProto.Types.DataType Type)[] outputs = Observe(model);
        for (int i = 1; i < model.Graph.Nodes.Count; i++)
        {
            GraphNode node = model.Graph.Nodes[i];
            AddNode(graph, model.Graph, node, values, i, node.Inputs.Count > 0 ? outputs[node.Inputs[0]].Shape : []);
        }

        graph.Output.AddRange(model.Graph.Outputs.Select(node => Value(values[node], outputs[node].Type, null)));
        var proto = new ModelProto
        {
            // The oldest version of the file format that each operator set may stand in.
            IrVersion = model.Graph.Opset switch { >= 21 => 10, >= 19 => 9, _ => 8 },
            ProducerName = OnnxMetadata.Producer,
            ProducerVersion = typeof(OnnxWriter).Assembly.GetName().Version!.ToString(3),
            Graph = graph,
        };
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = model.Graph.Opset });
        proto.MetadataProps.AddRange(OnnxMetadata.Write(model.Preprocessing, model.ClassNamesByLayer));
        return proto;
    }

    private static void AddNode(GraphProto graph, Graph model, GraphNode node, string[] values, int index, long[] inputShape)
    {
        if (node.Operator is Constant constant)
        {
            graph.Initializer.Add(OnnxTensors.Write(values[index], constant.Value));
            return;
        }

        NodeDefinition definition = node.Definition ?? throw new CnnVizException(
            "NodeNotWritable", $"'{node.Name}' ({node.Operator.Kind}) has no form in ONNX.", null);
        var proto = new NodeProto { Name = node.Name, OpType = definition.Type };
        OnnxModules.Write(proto, node.Modules);
        int positions = definition.Operands.Concat(definition.Constants.Keys).DefaultIfEmpty(-1).Max() + 1;
        for (int position = 0; position < positions; position++)
        {
            proto.Input.Add(InputAt(graph, node, definition, position, values));
        }

        proto.Output.AddRange(Enumerable.Range(0, definition.OutputCount)
            .Select(output => output == definition.Output ? values[index] : $"{values[index]}/unused_{output}"));
        proto.Attribute.AddRange(definition.Attributes.Select(pair => OnnxDefinitions.ToAttribute(pair.Key, pair.Value)));
        OnnxLowering.AddNode(graph, proto, model.Opset, inputShape);
    }

    private static string InputAt(GraphProto graph, GraphNode node, NodeDefinition definition, int position, string[] values)
    {
        if (definition.Constants.TryGetValue(position, out torch.Tensor? constant))
        {
            string name = WeightName(node, definition.Type, position);
            graph.Initializer.Add(OnnxTensors.Write(name, constant));
            return name;
        }

        int operand = definition.Operands.ToList().IndexOf(position);
        return operand < 0 ? string.Empty : values[node.Inputs[operand]];
    }

    private static string WeightName(GraphNode node, string type, int position) => $"{node.Source}/" + (type, position) switch
    {
        ("BatchNormalization", 3) => "running_mean",
        ("BatchNormalization", 4) => "running_var",
        (_, 1) => "weight",
        (_, 2) => "bias",
        _ => $"constant_{position}",
    };

    private static ValueInfoProto InputOf(CnnModel model)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(Dimension("N", null));
        shape.Dim.Add(Dimension("C", model.InputShape.Channels));
        // An adaptive pooling is written for one size.
        bool isOpen = model.HasOpenSize && !model.Graph.Nodes.Any(node => node.Operator is AdaptiveAvgPool);
        shape.Dim.Add(Dimension("H", isOpen ? null : model.InputShape.Height));
        shape.Dim.Add(Dimension("W", isOpen ? null : model.InputShape.Width));
        return Value(model.Graph.Nodes[0].Source, TensorProto.Types.DataType.Float, shape);
    }

    private static TensorShapeProto.Types.Dimension Dimension(string name, int? size)
    {
        var dimension = new TensorShapeProto.Types.Dimension();
        if (size is { } value)
        {
            dimension.DimValue = value;
        }
        else
        {
            dimension.DimParam = name;
        }

        return dimension;
    }

    // Shape and type of every node's output at the model's input size.
    private static (long[] Shape, TensorProto.Types.DataType Type)[] Observe(CnnModel model)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor image = torch.zeros(
            [1, model.InputShape.Channels, model.InputShape.Height, model.InputShape.Width], device: model.TorchDevice);
        var outputs = new (long[], TensorProto.Types.DataType)[model.Graph.Nodes.Count];
        outputs[0] = (image.shape, TensorProto.Types.DataType.Float);
        int[] all = [.. Enumerable.Range(0, outputs.Length)];
        model.Graph.SubGraph(all).Sketch(image, (node, value) => outputs[node] = (
            value.shape,
            value.is_floating_point() ? TensorProto.Types.DataType.Float
            : value.dtype == torch.ScalarType.Bool ? TensorProto.Types.DataType.Bool
            : TensorProto.Types.DataType.Int64));
        return outputs;
    }

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, TensorShapeProto? shape) => new()
    {
        Name = name,
        Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
    };
}
