using CnnViz.Import;
using CnnViz.Import.Onnx;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using Google.Protobuf;
using TorchSharp;
using static CnnViz.Tests.Import.OnnxModelBuilder;
using DataType = CnnViz.Import.Onnx.Protocol.TensorProto.Types.DataType;

namespace CnnViz.Tests.Import;

/// <summary>Quantized networks give what ONNX Runtime gives, but for the rounding, and have a gradient.</summary>
public sealed class OnnxQuantizedTests : ReaderTest
{
    // Scales of what goes in and of what comes out of the layers.
    private const float InScale = 1f / 127;
    private const float OutScale = 0.05f;

    [Theory]
    [InlineData("Uint8", "Int8", 120)]
    [InlineData("Uint8", "Int8", 0)] // a ReLU that is left to the type
    [InlineData("Int8", "Int8", 3)]
    [InlineData("Int8", "Int8", -128)]
    [InlineData("Uint8", "Uint8", 120)]
    public void QLinearConv_agrees_within_a_step(string activationType, string weightType, int outZero)
    {
        (DataType activation, DataType weight) = (Enum.Parse<DataType>(activationType), Enum.Parse<DataType>(weightType));
        int inZero = activation == DataType.Uint8 ? 128 : 0;
        ModelProto model = Start(activation, inZero)
            .Initializer(Numbers("weight", weight, 4 * 3 * 9, 4, 3, 3, 3)).Initializer(Floats("ws", [0.004f, 0.008f, 0.005f, 0.006f], 4))
            .Initializer(Integers("wz", weight, [.. Enumerable.Repeat(weight == DataType.Uint8 ? 100L : 0, 4)], 4))
            .Initializer(Integers("bias", DataType.Int32, [5000, -9000, 0, 12000], 4))
            .Initializer(Floats("ys", [OutScale])).Initializer(Integers("yz", activation, [outZero]))
            .Node("QLinearConv", ["q", "xs", "xz", "weight", "ws", "wz", "ys", "yz", "bias"], ["c"], ("pads", new long[] { 1, 1, 1, 1 }), ("kernel_shape", new long[] { 3, 3 }))
            .Node("MaxPool", ["c"], ["p"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }))
            .Node("DequantizeLinear", ["p", "ys", "yz"], ["y"]).Output("y").Model;
        AssertWithin(OutScale * 2, model);
    }

    [Fact]
    public void Pairs_around_a_convolution_agree_within_a_step()
    {
        ModelProto model = Start(DataType.Uint8, 128)
            .Node("DequantizeLinear", ["q", "xs", "xz"], ["x"])
            .Initializer(Numbers("weight", DataType.Int8, 4 * 3 * 9, 4, 3, 3, 3)).Initializer(Floats("ws", [0.004f, 0.008f, 0.005f, 0.006f], 4))
            .Initializer(Integers("wz", DataType.Int8, [0, 0, 0, 0], 4)).Initializer(Integers("bias", DataType.Int32, [5000, -900, 0, 1200], 4))
            .Initializer(Floats("bs", [1e-4f, 2e-4f, 1e-4f, 1e-4f], 4))
            .Node("DequantizeLinear", ["weight", "ws", "wz"], ["w"], ("axis", 0))
            .Node("DequantizeLinear", ["bias", "bs"], ["b"], ("axis", 0))
            .Node("Conv", ["x", "w", "b"], ["c"], ("kernel_shape", new long[] { 3, 3 }))
            .Initializer(Floats("ys", [OutScale])).Initializer(Integers("yz", DataType.Uint8, [0]))
            .Node("QuantizeLinear", ["c", "ys", "yz"], ["cq"]).Node("Transpose", ["cq"], ["ct"], ("perm", new long[] { 0, 2, 3, 1 }))
            .Node("DequantizeLinear", ["ct", "ys", "yz"], ["y"]).Output("y").Model;
        AssertWithin(OutScale * 2, model);
    }

    [Fact]
    public void Dynamic_quantization_agrees_within_a_step()
    {
        ModelProto model = new OnnxModelBuilder(13).Input("image", 1, 3, 8, 8)
            .Node("DynamicQuantizeLinear", ["image"], ["q", "s", "z"])
            .Initializer(Numbers("conv.weight_quantized", DataType.Uint8, 4 * 3 * 9, 4, 3, 3, 3)).Initializer(Integers("wz", DataType.Uint8, [128]))
            .Node("ConvInteger", ["q", "conv.weight_quantized", "z", "wz"], ["i"], ("pads", new long[] { 1, 1, 1, 1 }), ("kernel_shape", new long[] { 3, 3 }))
            .Node("Cast", ["i"], ["f"], ("to", 1))
            .Initializer(Floats("ws", [0.01f]))
            .Node("Mul", ["s", "ws"], ["m"]).Node("Mul", ["f", "m"], ["c"]).Node("Relu", ["c"], ["r"]).Node("Flatten", ["r"], ["flat"])
            .Node("DynamicQuantizeLinear", ["flat"], ["q2", "s2", "z2"])
            .Initializer(Numbers("dense", DataType.Uint8, 256 * 5, 256, 5)).Initializer(Integers("dz", DataType.Uint8, [128]))
            .Node("MatMulInteger", ["q2", "dense", "z2", "dz"], ["j"]).Node("Cast", ["j"], ["g"], ("to", 1))
            .Initializer(Floats("ds", [0.002f])).Node("Mul", ["s2", "ds"], ["n"]).Node("Mul", ["g", "n"], ["y"]).Output("y").Model;
        AssertWithin(0.1, model);
    }

    [Fact]
    public void The_operators_of_onnx_runtime_agree_within_a_step()
    {
        OnnxModelBuilder builder = Start(DataType.Uint8, 128)
            .Initializer(Numbers("weight", DataType.Int8, 4 * 3 * 9, 4, 3, 3, 3)).Initializer(Floats("ws", [0.01f])).Initializer(Integers("wz", DataType.Int8, [0]))
            .Initializer(Floats("ys", [OutScale])).Initializer(Integers("yz", DataType.Uint8, [128])).Initializer(Floats("hs", [1f / 256])).Initializer(Integers("hz", DataType.Uint8, [0]))
            .Node("QLinearConv", ["q", "xs", "xz", "weight", "ws", "wz", "ys", "yz"], ["c"], ("kernel_shape", new long[] { 3, 3 }))
            .Node("QLinearLeakyRelu", ["c", "ys", "yz", "ys", "yz"], ["l"], ("alpha", 0.1f))
            .Node("QLinearAdd", ["c", "ys", "yz", "l", "ys", "yz", "ys", "yz"], ["a"])
            .Node("QLinearSigmoid", ["a", "ys", "yz", "hs", "hz"], ["s"])
            .Node("QLinearMul", ["s", "hs", "hz", "l", "ys", "yz", "ys", "yz"], ["m"])
            .Node("QLinearConcat", ["ys", "yz", "m", "ys", "yz", "s", "hs", "hz"], ["j"], ("axis", 1))
            .Node("QLinearGlobalAveragePool", ["j", "ys", "yz", "ys", "yz"], ["g"], ("channels_last", 0))
            .Initializer(Numbers("dense", DataType.Int8, 8 * 5, 5, 8)).Initializer(Integers("db", DataType.Int32, [10, -400, 0, 90, 7], 5))
            .Initializer(Longs("flat", [1, 8], 2)).Node("Reshape", ["g", "flat"], ["f"])
            .Node("QGemm", ["f", "ys", "yz", "dense", "ws", "wz", "db", "ys", "yz"], ["o"], ("transB", 1), ("alpha", 1f))
            .Node("DequantizeLinear", ["o", "ys", "yz"], ["y"]).Output("y");
        foreach (NodeProto node in builder.Model.Graph.Node.Where(node => node.OpType is "QGemm" || (node.OpType.StartsWith("QLinear", StringComparison.Ordinal) && node.OpType != "QLinearConv")))
        {
            node.Domain = "com.microsoft";
        }

        builder.Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        AssertWithin(OutScale * 4, builder.Model);
    }

    [Fact]
    public void Weights_of_four_bits_in_blocks_are_the_real_ones()
    {
        float[] scales = Noise(2 * 27, 8);
        byte[] packed = [.. Enumerable.Range(0, 2 * 4 * 27 / 2).Select(i => (byte)(i * 37))];
        ModelProto model = new OnnxModelBuilder(21).Input("image", 1, 8, 8, 8)
            .Initializer(Raw("weight", DataType.Int4, packed, 1, 8, 3, 9)).Initializer(Floats("ws", scales[..(2 * 27)], 1, 2, 3, 9))
            .Node("DequantizeLinear", ["weight", "ws"], ["w"], ("axis", 1), ("block_size", 4))
            .Initializer(Longs("shape", [3, 8, 3, 3], 4)).Node("Reshape", ["w", "shape"], ["kernel"])
            .Node("Conv", ["image", "kernel"], ["y"], ("kernel_shape", new long[] { 3, 3 })).Output("y").Model;
        AssertWithin(1e-4, model, channels: 8);
    }

    [Fact]
    public void A_quantized_network_has_a_gradient_and_goes_on_above_its_largest_value()
    {
        using Graph graph = OnnxReader.Read("test.onnx", Start(DataType.Uint8, 128)
            .Initializer(Numbers("0.weight_quantized", DataType.Int8, 4 * 3 * 9, 4, 3, 3, 3)).Initializer(Floats("ws", [0.01f])).Initializer(Integers("wz", DataType.Int8, [0]))
            .Initializer(Floats("ys", [OutScale])).Initializer(Integers("yz", DataType.Uint8, [0]))
            .Node("QLinearConv", ["q", "xs", "xz", "0.weight_quantized", "ws", "wz", "ys", "yz"], ["c"], ("kernel_shape", new long[] { 3, 3 }))
            .Node("DequantizeLinear", ["c", "ys", "yz"], ["y"]).Output("y").ToBytes()).Graph;
        Assert.Equal(["0", "0/relu"], graph.Nodes.Where(node => node.Operator.IsLayer && node.Inputs.Count > 0).Select(node => node.Name));
        using torch.Tensor image = torch.tensor(Noise(192, 5)).reshape(1, 3, 8, 8).mul_(100).requires_grad_();
        using torch.Tensor output = graph.SubGraph(graph.Nodes.Count - 1).Run(image);
        output.sum().backward();
        Assert.True(output.max().ToSingle() > 255 * OutScale);
        Assert.True(image.grad!.abs().sum().ToSingle() > 0);
    }

    private static OnnxModelBuilder Start(DataType type, int zero) => new OnnxModelBuilder(13).Input("image", 1, 3, 8, 8)
        .Initializer(Floats("xs", [InScale])).Initializer(Integers("xz", type, [zero]))
        .Node("QuantizeLinear", ["image", "xs", "xz"], ["q"]);

    private static TensorProto Numbers(string name, DataType type, int count, params long[] shape) => Integers(
        name, type, [.. Noise(count, 9).Select(value => (long)MathF.Round(value * 100) + (type == DataType.Uint8 ? 128 : 0))], shape);

    private static TensorProto Integers(string name, DataType type, long[] values, params long[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type };
        tensor.Dims.AddRange(shape);
        tensor.Int32Data.AddRange(values.Select(value => (int)value));
        return tensor;
    }

    private static void AssertWithin(double step, ModelProto model, int channels = 3)
    {
        float[] picture = Noise(channels * 64, 4);
        (int[] shape, float[] expected) = OnnxRuntimeReference.RunOutputs(model, picture, [1, channels, 8, 8]).Single();
        using Graph graph = OnnxReader.Read("test.onnx", model.ToByteArray()).Graph;
        using torch.Tensor image = torch.tensor(picture).reshape(1, channels, 8, 8);
        using torch.Tensor output = graph.SubGraph(graph.Outputs[0]).Run(image);
        Assert.Equal(shape, output.shape.Select(size => (int)size));
        float[] actual = output.ToFloats();
        double worst = expected.Zip(actual, (a, b) => Math.Abs((double)a - b)).Max();
        Assert.True(worst <= step, $"differs by {worst:0.0000}, more than {step}; largest {expected.Max()}");
        Assert.True(expected.Max() - expected.Min() > 2 * step, "values are too small to tell");
    }
}
