using System.Runtime.InteropServices;
using CnnViz.Import.Onnx.Protocol;
using Google.Protobuf;

namespace CnnViz.Tests;

/// <summary>
/// A network whose answers are known: conv1 has a detector for red, green, blue, horizontal and vertical stripes, a dead filter,
/// brightness and a mixture; classifier has a unit for each of the first three; the one filter of the layer broken is never a number.
/// </summary>
internal static class TinyModel
{
    public const int Red = 0;
    public const int Green = 1;
    public const int Blue = 2;
    public const int HorizontalStripes = 3;
    public const int VerticalStripes = 4;
    public const int Dead = 5;
    public const int Bright = 6;
    public const int Mixture = 7;

    private const int Filters = 8;

    /// <summary>Writes it as an ONNX file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="size">Side of the input in pixels.</param>
    public static void Write(string path, int size = 32) => File.WriteAllBytes(path, Build(size).ToByteArray());

    /// <summary>The model: conv1 → relu → conv2 → global average → classifier; and broken, beside them.</summary>
    public static ModelProto Build(int size = 32)
    {
        var graph = new GraphProto { Name = "tiny" };
        graph.Input.Add(Image("input", size));
        graph.Output.Add(new ValueInfoProto { Name = "scores" });
        graph.Initializer.Add(Weights("conv1.weight", [Filters, 3, 3, 3], FirstKernels()));
        graph.Initializer.Add(Weights("conv1.bias", [Filters], [0, 0, 0, 0, 0, -1, 0, 0]));
        graph.Initializer.Add(Weights("conv2.weight", [3, Filters, 3, 3], SecondKernels()));
        graph.Initializer.Add(Weights("classifier.weight", [3, 3], [1, -0.5f, -0.5f, -0.5f, 1, -0.5f, -0.5f, -0.5f, 1]));
        graph.Initializer.Add(Weights("classifier.bias", [3], [0, 0, 0]));
        graph.Initializer.Add(Weights("broken.weight", [1, 3, 1, 1], [float.PositiveInfinity, 0, 0]));
        graph.Node.Add(Node("Conv", ["input", "conv1.weight", "conv1.bias"], "c1", ("pads", new[] { 1, 1, 1, 1 })));
        graph.Node.Add(Node("Relu", ["c1"], "conv1/relu"));
        graph.Node.Add(Node("Conv", ["conv1/relu", "conv2.weight"], "c2", ("pads", new[] { 1, 1, 1, 1 }), ("strides", new[] { 2, 2 })));
        graph.Node.Add(Node("GlobalAveragePool", ["c2"], "pool"));
        graph.Node.Add(Node("Flatten", ["pool"], "flat"));
        graph.Node.Add(Node("Gemm", ["flat", "classifier.weight", "classifier.bias"], "scores", ("transB", 1)));
        graph.Node.Add(Node("Conv", ["input", "broken.weight"], "broken_out"));
        var model = new ModelProto { IrVersion = 8, ProducerName = "CnnViz.Tests", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = 13 });
        return model;
    }

    private static float[] FirstKernels()
    {
        var weights = new float[Filters * 27];
        for (int colour = 0; colour < 3; colour++)
        {
            // Its own colour in the middle, minus the two others.
            for (int channel = 0; channel < 3; channel++)
            {
                weights[colour * 27 + channel * 9 + 4] = channel == colour ? 1 : -0.5f;
            }
        }

        for (int channel = 0; channel < 3; channel++)
        {
            for (int tap = 0; tap < 3; tap++)
            {
                // Bright along the middle row or column, dark beside it.
                weights[HorizontalStripes * 27 + channel * 9 + 3 + tap] = 2f / 9;
                weights[HorizontalStripes * 27 + channel * 9 + tap] = -1f / 9;
                weights[HorizontalStripes * 27 + channel * 9 + 6 + tap] = -1f / 9;
                weights[VerticalStripes * 27 + channel * 9 + tap * 3 + 1] = 2f / 9;
                weights[VerticalStripes * 27 + channel * 9 + tap * 3] = -1f / 9;
                weights[VerticalStripes * 27 + channel * 9 + tap * 3 + 2] = -1f / 9;
            }
        }

        weights[Bright * 27 + 4] = weights[Bright * 27 + 13] = weights[Bright * 27 + 22] = 1f / 3;
        for (int i = 0; i < 27; i++)
        {
            weights[Mixture * 27 + i] = MathF.Sin(i);
        }

        return weights;
    }

    private static float[] SecondKernels()
    {
        // Colours only: the others weigh nothing.
        var weights = new float[3 * Filters * 9];
        for (int colour = 0; colour < 3; colour++)
        {
            Array.Fill(weights, 1f / 9, (colour * Filters + colour) * 9, 9);
        }

        return weights;
    }

    private static ValueInfoProto Image(string name, int size)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new[] { 1, 3, size, size }.Select(length => new TensorShapeProto.Types.Dimension { DimValue = length }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new() { ElemType = 1, Shape = shape } } };
    }

    private static TensorProto Weights(string name, long[] shape, float[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = 1, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)) };
        tensor.Dims.AddRange(shape);
        return tensor;
    }

    private static NodeProto Node(string type, string[] inputs, string output, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = type };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach ((string name, object value) in attributes)
        {
            var attribute = new AttributeProto { Name = name };
            if (value is int whole)
            {
                (attribute.I, attribute.Type) = (whole, 2);
            }
            else
            {
                attribute.Ints.AddRange(((int[])value).Select(i => (long)i));
                attribute.Type = 7;
            }

            node.Attribute.Add(attribute);
        }

        return node;
    }
}
