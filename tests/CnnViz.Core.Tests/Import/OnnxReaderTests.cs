using System.Runtime.InteropServices;
using CnnViz.Import;
using CnnViz.Import.Onnx;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using Google.Protobuf;
using TorchSharp;
using DataType = CnnViz.Import.Onnx.Protocol.TensorProto.Types.DataType;

namespace CnnViz.Tests.Import;

/// <summary>What the ONNX reader takes: weights in every form, and which graphs are networks for images.</summary>
public sealed class OnnxReaderTests : ReaderTest
{
    // Exact in every width of float.
    private static readonly float[] s_weights = [.. Enumerable.Range(0, 108).Select(i => (i % 17 - 8) / 8f)];

    public static TheoryData<string> WeightForms => ["raw half", "raw bfloat", "raw double", "half", "bfloat", "double", "float"];

    [Theory]
    [MemberData(nameof(WeightForms))]
    public void Weights_of_any_width_in_raw_or_typed_fields_are_the_same_weights(string form) =>
        Assert.Equal(Output(Plain()), Output(OnnxModelBuilder.Convolution(Weights(form)).Model));

    [Fact]
    public void Whole_numbers_of_any_width_are_the_same_shape()
    {
        float[] expected = Output(Reshaped(OnnxModelBuilder.Longs("shape", [1, 2, 2, 64], 4)));
        foreach (DataType type in new[] { DataType.Int8, DataType.Int16, DataType.Int32, DataType.Int64, DataType.Uint8, DataType.Uint32 })
        {
            var shape = new TensorProto { Name = "shape", DataType = (int)type, Dims = { 4 } };
            switch (type)
            {
                case DataType.Int64:
                    shape.Int64Data.AddRange([1, 2, 2, 64]);
                    break;
                case DataType.Uint32:
                    shape.Uint64Data.AddRange([1, 2, 2, 64]);
                    break;
                default:
                    shape.Int32Data.AddRange([1, 2, 2, 64]);
                    break;
            }

            Assert.Equal(expected, Output(Reshaped(shape)));
        }
    }

    [Fact]
    public void Weights_may_be_constant_nodes()
    {
        ModelProto model = Plain();
        TensorProto weights = model.Graph.Initializer.Single();
        model.Graph.Initializer.Clear();
        OnnxModelBuilder constant = new OnnxModelBuilder().Node("Constant", [], ["weight"], ("value", weights));
        model.Graph.Node.Insert(0, constant.Model.Graph.Node.Single());
        Assert.All(Output(Plain()).Zip(Output(model)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Weights_may_be_listed_among_the_inputs_as_old_files_do()
    {
        ModelProto model = Plain();
        model.Graph.Input.Insert(0, OnnxModelBuilder.Value("weight", DataType.Float, 4, 3, 3, 3));
        Assert.Equal(Output(Plain()), Output(model));
    }

    [Fact]
    public void An_image_with_channels_last_is_transposed_by_the_graph()
    {
        ModelProto model = new OnnxModelBuilder()
            .Input("image", -1, 8, 8, 3)
            .Initializer(OnnxModelBuilder.Floats("weight", s_weights, 4, 3, 3, 3))
            .Node("Transpose", ["image"], ["first"], ("perm", new long[] { 0, 3, 1, 2 }))
            .Node("Conv", ["first", "weight"], ["conv"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Relu", ["conv"], ["relu"])
            .Model;
        Assert.All(Output(Plain()).Zip(Output(model)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        using CnnModel loaded = Load(model);
        Assert.Equal(new LayerShape(3, 8, 8, true), loaded.InputShape);
    }

    [Fact]
    public void What_is_done_to_an_image_with_channels_last_has_its_channels_as_filters()
    {
        ModelProto model = new OnnxModelBuilder()
            .Input("image", -1, 8, 6, 3)
            .Initializer(OnnxModelBuilder.Floats("gain", [1, 2, 3], 1, 1, 1, 3))
            .Initializer(OnnxModelBuilder.Floats("weight", s_weights, 4, 3, 3, 3))
            .Node("Mul", ["image", "gain"], ["scaled"])
            .Node("Transpose", ["scaled"], ["first"], ("perm", new long[] { 0, 3, 1, 2 }))
            .Node("Conv", ["first", "weight"], ["conv"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Model;

        using CnnModel loaded = Load(model);

        Assert.Equal(["3×8×6", "4×8×6"], loaded.Layers.Select(layer => layer.OutputShape.ToString()));
    }

    [Fact]
    public void A_narrow_image_that_a_convolution_reads_has_channels_first()
    {
        ModelSource source = OnnxReader.Read("test.onnx", OnnxText.Parse(13, "y = Relu(x)", 1, 9, 20, 4).ToByteArray());
        using Graph graph = source.Graph;
        Assert.Equal((9, 20, 4), (source.Channels, source.Height, source.Width));
    }

    [Fact]
    public void Channels_that_the_input_leaves_open_are_those_of_the_first_convolution()
    {
        ModelProto model = OnnxModelBuilder.Convolution(OnnxModelBuilder.Floats("weight", OnnxModelBuilder.Noise(45, 1), 1, 5, 3, 3)).Model;
        model.Graph.Input[0] = OnnxModelBuilder.Value("image", DataType.Float, -1, -1, -1, -1);
        ModelSource source = OnnxReader.Read("test.onnx", model.ToByteArray());
        using Graph graph = source.Graph;
        Assert.Equal((5, null, null), (source.Channels, source.Height, source.Width));
    }

    [Theory]
    [InlineData("onnx-caffe2", "Caffe")]
    [InlineData("tf2onnx", "Symmetric")]
    [InlineData("CNTK", "None")]
    [InlineData("pytorch", "ImageNet")]
    public void Preprocessing_that_the_file_does_not_say_is_guessed_from_who_made_it(string producer, string name)
    {
        ModelProto model = Plain();
        model.ProducerName = producer;
        ModelSource source = OnnxReader.Read("test.onnx", model.ToByteArray());
        using Graph graph = source.Graph;
        Assert.Equal((name, PreprocessingSource.Guessed), (source.Preprocessing.Name, source.Preprocessing.Source));
    }

    [Theory]
    [InlineData("no convolution", "NotAnImageModel", "convolution")]
    [InlineData("two inputs", "NotAnImageModel", "'other'")]
    [InlineData("no shape", "NotAnImageModel", "no shape")]
    [InlineData("no inputs", "NotAnImageModel", "no input")]
    [InlineData("rank 2", "NotAnImageModel", "[1, 192]")]
    [InlineData("absurd size", "NotAnImageModel", "absurd")]
    [InlineData("3-D convolution", "UnsupportedOperator", "3 dimensions")]
    [InlineData("missing value", "ValueMissing", "'nowhere'")]
    [InlineData("no nodes", "NotAnOnnxModel", "not an ONNX model")]
    public void Graphs_that_are_no_image_networks_are_refused_with_the_reason(string what, string errorId, string reason)
    {
        ModelProto model = Plain();
        GraphProto graph = model.Graph;
        Action change = what switch
        {
            "no convolution" => () => graph.Node[0].OpType = "Sin",
            "two inputs" => () =>
            {
                graph.Node[0].OpType = "Sin";
                graph.Input[0] = OnnxModelBuilder.Value("image", DataType.Float, 1, 192);
                graph.Input.Add(OnnxModelBuilder.Value("other", DataType.Float, 1, 8));
            },
            "no shape" => () =>
            {
                graph.Node[0].OpType = "Sin";
                graph.Input[0] = new ValueInfoProto { Name = "image" };
            },
            "no inputs" => graph.Input.Clear,
            "rank 2" => () => graph.Input[0] = OnnxModelBuilder.Value("image", DataType.Float, 1, 192),
            "absurd size" => () => graph.Input[0] = OnnxModelBuilder.Value("image", DataType.Float, 1, 3, 1L << 40, 8),
            "3-D convolution" => () => graph.Initializer[0] = OnnxModelBuilder.Floats("weight", s_weights, 1, 4, 3, 3, 3),
            "missing value" => () => graph.Node[1].Input[0] = "nowhere",
            _ => graph.Node.Clear,
        };
        change();
        CnnVizException error = ReadFails(model);
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_disposed_or_refused_leaves_no_tensor_behind()
    {
        ModelProto good = OnnxText.Parse(
            13,
            "a = GlobalAveragePool(x); b = Flatten(a); c = Clip(b, 0.0, 6.0); d = Squeeze({2,1,3}); e = Add(d, {1,1,1});"
            + "f = Gemm<alpha=0.5, beta=0.5>(c, float[3,5], float[5]); n = Shape(f); z = ConstantOfShape<value={1.0}>(n); y = Add(f, z)",
            1, 3, 8, 8);
        ModelProto bad = good.Clone();
        bad.Graph.Node[0].OpType = "Frobnicate";
        ModelProto worse = good.Clone();
        worse.Graph.Node.Insert(2, new NodeProto { OpType = "Reshape", Input = { "c1", "c1" }, Output = { "unused" } });
        Load(good).Dispose();
        long before = NativeTensors.Settled();
        for (int i = 0; i < 3; i++)
        {
            Load(good).Dispose();
            ReadFails(bad);
            ReadFails(worse);
        }

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    private static ModelProto Plain() => OnnxModelBuilder.Convolution(OnnxModelBuilder.Floats("weight", s_weights, 4, 3, 3, 3)).Model;

    private static ModelProto Reshaped(TensorProto shape)
    {
        ModelProto model = Plain();
        model.Graph.Initializer.Add(shape);
        model.Graph.Node.Add(new NodeProto { OpType = "Reshape", Input = { "relu", "shape" }, Output = { "reshaped" } });
        return model;
    }

    private static TensorProto Weights(string form)
    {
        Half[] halves = [.. s_weights.Select(value => (Half)value)];
        ushort[] bfloats = [.. s_weights.Select(value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16))];
        double[] doubles = [.. s_weights.Select(value => (double)value)];
        switch (form)
        {
            case "raw half":
                return OnnxModelBuilder.Raw("weight", DataType.Float16, MemoryMarshal.AsBytes<Half>(halves), 4, 3, 3, 3);
            case "raw bfloat":
                return OnnxModelBuilder.Raw("weight", DataType.Bfloat16, MemoryMarshal.AsBytes<ushort>(bfloats), 4, 3, 3, 3);
            case "raw double":
                return OnnxModelBuilder.Raw("weight", DataType.Double, MemoryMarshal.AsBytes<double>(doubles), 4, 3, 3, 3);
        }

        DataType type = form switch
        {
            "half" => DataType.Float16,
            "bfloat" => DataType.Bfloat16,
            "double" => DataType.Double,
            _ => DataType.Float,
        };
        var tensor = new TensorProto { Name = "weight", DataType = (int)type, Dims = { 4, 3, 3, 3 } };
        tensor.Int32Data.AddRange(type switch
        {
            DataType.Float16 => halves.Select(value => (int)BitConverter.HalfToUInt16Bits(value)),
            DataType.Bfloat16 => bfloats.Select(value => (int)value),
            _ => [],
        });
        tensor.DoubleData.AddRange(type == DataType.Double ? doubles : []);
        tensor.FloatData.AddRange(type == DataType.Float ? s_weights : []);
        return tensor;
    }
}
