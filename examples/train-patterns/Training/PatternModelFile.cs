using CnnViz.Export;
using CnnViz.Import;
using CnnViz.Import.Onnx;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Patterns.Drawing;
using Google.Protobuf;
using static TorchSharp.torch;

namespace CnnViz.Patterns.Training;

/// <summary>
/// The trained network as an ONNX file, operator set 17: described node by node, read as any file is, and written as any model is,
/// with its class names and what it wants of a picture.
/// </summary>
internal static class PatternModelFile
{
    private const int Float = 1;
    private const int IsFloat = 1;
    private const int IsInt = 2;
    private const int AreInts = 7;

    /// <summary>Writes the file, whole or not at all.</summary>
    public static void Write(PatternNetwork network, string path)
    {
        ModelSource source = OnnxReader.Read(path, Build(network).ToByteArray());
        var facts = new ModelFacts(
            "patterns",
            path,
            source.Format,
            Sha256: string.Empty,
            new LayerShape(3, Trainer.PictureSize, Trainer.PictureSize, IsMap: true),
            Preprocessing.Unit)
        {
            ClassNamesByLayer = new Dictionary<string, IReadOnlyList<string>>
            {
                ["classifier"] = PatternCatalog.Names,
                ["colour"] = Hue.Names,
            },
        };
        using var model = new CnnModel(source.Graph, facts, CPU);
        OnnxWriter.Write(model, path);
    }

    private static ModelProto Build(PatternNetwork network)
    {
        var graph = new GraphProto { Name = "patterns" };
        graph.Input.Add(Value("image", null, 3, Trainer.PictureSize, Trainer.PictureSize));
        graph.Output.Add(Value("classifier", null, PatternCatalog.All.Count));
        graph.Output.Add(Value("colour", null, Hue.All.Count));
        graph.Node.Add(Nodes());
        foreach ((string name, Tensor weight) in network.state_dict())
        {
            // The count of batches serves training only.
            if (weight.is_floating_point())
            {
                graph.Initializer.Add(Weight(name, weight));
            }
        }

        var model = new ModelProto { IrVersion = 8, ProducerName = "CnnViz", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = 17 });
        return model;
    }

    private static IEnumerable<NodeProto> Nodes()
    {
        string x = "image";
        foreach (ConvolutionBlock block in ConvolutionBlock.All)
        {
            string conv = $"conv{block.Number}";
            string norm = $"bn{block.Number}";
            long pad = block.Padding;
            yield return Node(
                "Conv",
                conv,
                [x, $"{conv}.weight"],
                Longs("kernel_shape", block.Kernel, block.Kernel),
                Longs("strides", block.Stride, block.Stride),
                Longs("pads", pad, pad, pad, pad));
            yield return Node(
                "BatchNormalization",
                norm,
                [conv, $"{norm}.weight", $"{norm}.bias", $"{norm}.running_mean", $"{norm}.running_var"],
                new AttributeProto { Name = "epsilon", F = 1e-5f, Type = IsFloat });
            x = $"relu{block.Number}";
            yield return Node("Relu", x, [norm]);
            if (block.Pools)
            {
                string pool = $"pool{block.Number}";
                yield return Node("AveragePool", pool, [x], Longs("kernel_shape", 2, 2), Longs("strides", 2, 2));
                x = pool;
            }
        }

        yield return Node("GlobalAveragePool", "pool", [x]);
        yield return Node("Flatten", "flatten", ["pool"]);
        foreach (string head in new[] { "classifier", "colour" })
        {
            yield return Node(
                "Gemm",
                head,
                ["flatten", $"{head}.weight", $"{head}.bias"],
                new AttributeProto { Name = "transB", I = 1, Type = IsInt });
        }
    }

    // A node, its output and its layer have one name.
    internal static NodeProto Node(string type, string name, string[] inputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = name };
        node.Input.AddRange(inputs);
        node.Output.Add(name);
        node.Attribute.AddRange(attributes);
        return node;
    }

    internal static AttributeProto Longs(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AreInts };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    internal static TensorProto Weight(string name, Tensor weight)
    {
        using Tensor contiguous = weight.detach().contiguous();
        var proto = new TensorProto { Name = name, DataType = Float, RawData = ByteString.CopyFrom(contiguous.bytes) };
        proto.Dims.AddRange(weight.shape);
        return proto;
    }

    // The first dimension, the number of pictures, is open.
    private static ValueInfoProto Value(string name, params int?[] shape)
    {
        var proto = new TensorShapeProto();
        proto.Dim.Add(shape.Select(length => length is { } known
            ? new TensorShapeProto.Types.Dimension { DimValue = known }
            : new TensorShapeProto.Types.Dimension { DimParam = "N" }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new() { ElemType = Float, Shape = proto } } };
    }
}
