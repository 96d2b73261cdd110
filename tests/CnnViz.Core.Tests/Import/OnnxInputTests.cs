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

/// <summary>The image among a graph's inputs, in whatever shape and type, is found, and the other inputs get values.</summary>
public sealed class OnnxInputTests : ReaderTest
{
    [Theory]
    [InlineData("1,9,20,5", 5)] // by the transposition, not by the number
    [InlineData("1,9,20,3", 3)]
    [InlineData("-1,-1,-1,-1", 5)] // by the weights
    public void Channels_at_the_end_are_found_by_the_transposition(string shape, int channels)
    {
        long[] sizes = [.. shape.Split(',').Select(long.Parse)];
        ModelProto model = new OnnxModelBuilder().Input("image", sizes)
            .Node("Sqrt", ["image"], ["s"]).Node("Transpose", ["s"], ["t"], ("perm", new long[] { 0, 3, 1, 2 }))
            .Initializer(OnnxModelBuilder.Floats("weight", OnnxModelBuilder.Noise(4 * channels, 1), 4, channels, 1, 1))
            .Node("Conv", ["t", "weight"], ["y"]).Output("y").Model;
        ModelSource source = OnnxReader.Read("test.onnx", model.ToByteArray());
        using Graph graph = source.Graph;
        Assert.Equal((channels, sizes[1] < 0 ? null : (int?)9, sizes[1] < 0 ? null : (int?)20), (source.Channels, source.Height, source.Width));
        float[] picture = [.. OnnxModelBuilder.Noise(channels * 180, 3).Select(Math.Abs)];
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor image = torch.tensor(picture).reshape(1, channels, 9, 20);
        float[] expected = OnnxRuntimeReference.RunOutputs(model, image.permute(0, 2, 3, 1).ToFloats(), [1, 9, 20, channels]).Single().Values;
        Assert.True(OnnxRuntimeReference.WorstError(expected, graph.SubGraph(graph.Outputs[0]).Run(image).ToFloats()) < 1e-5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_image_without_a_batch_becomes_any_number(bool channelsLast)
    {
        long[] shape = channelsLast ? [8, 8, 3] : [3, 8, 8];
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("image", shape)
            .Initializer(OnnxModelBuilder.Floats("mean", [0.1f, 0.2f, 0.3f], channelsLast ? [3] : [3, 1, 1])).Node("Sub", ["image", "mean"], ["s"]);
        if (channelsLast)
        {
            builder.Node("Transpose", ["s"], ["t"], ("perm", new long[] { 2, 0, 1 }));
        }

        ModelProto model = builder.Initializer(OnnxModelBuilder.Longs("axes", [0], 1)).Node("Unsqueeze", [channelsLast ? "t" : "s", "axes"], ["u"])
            .Initializer(OnnxModelBuilder.Floats("weight", OnnxModelBuilder.Noise(12, 1), 4, 3, 1, 1)).Node("Conv", ["u", "weight"], ["y"]).Output("y").Model;
        ModelSource source = OnnxReader.Read("test.onnx", model.ToByteArray());
        using Graph graph = source.Graph;
        Assert.Equal((3, 8, 8), (source.Channels, source.Height, source.Width));
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor images = torch.tensor(OnnxModelBuilder.Noise(384, 3)).reshape(2, 3, 8, 8);
        torch.Tensor second = images.select(0, 1);
        float[] expected = OnnxRuntimeReference.RunOutputs(
            model, (channelsLast ? second.permute(1, 2, 0) : second).ToFloats(), [.. shape.Select(size => (int)size)]).Single().Values;
        torch.Tensor actual = graph.SubGraph(graph.Outputs[0]).Run(images).select(0, 1);
        Assert.True(OnnxRuntimeReference.WorstError(expected, actual.ToFloats()) < 1e-5);
    }

    [Theory]
    [InlineData("Uint8", "None", 255f, 0f)]
    [InlineData("Int8", "Custom", 255f, 128f)]
    public void Bytes_tell_the_range(string type, string name, float scale, float mean)
    {
        ModelProto model = OnnxModelBuilder.Convolution().Model;
        model.Graph.Input[0].Type.TensorType.ElemType = (int)Enum.Parse<DataType>(type);
        model.Graph.Node[0].Input[0] = "real";
        model.Graph.Node.Insert(0, new NodeProto
        {
            OpType = "Cast", Input = { "image" }, Output = { "real" }, Attribute = { new AttributeProto { Name = "to", Type = 2, I = 1 } },
        });
        ModelSource source = OnnxReader.Read("test.onnx", model.ToByteArray());
        source.Graph.Dispose();
        Assert.Equal(
            (name, scale, mean, PreprocessingSource.Metadata),
            (source.Preprocessing.Name, source.Preprocessing.Scale, source.Preprocessing.Mean[0], source.Preprocessing.Source));
    }

    [Fact]
    public void Other_inputs_are_zeros_or_what_is_given_and_the_layers_that_see_only_them_are_none()
    {
        ModelProto model = new OnnxModelBuilder().Input("meta", -1, 4).Input("image", -1, 3, 8, 8)
            .Initializer(OnnxModelBuilder.Floats("weight", OnnxModelBuilder.Noise(12, 1), 4, 3, 1, 1)).Node("Conv", ["image", "weight"], ["c"])
            .Node("GlobalAveragePool", ["c"], ["g"]).Node("Flatten", ["g"], ["f"]).Node("Relu", ["meta"], ["m"])
            .Node("Concat", ["f", "m"], ["y"], ("axis", 1)).Output("y").Model;
        ModelSource zeros = OnnxReader.Read("test.onnx", model.ToByteArray());
        ModelSource given = OnnxReader.Read("test.onnx", model.ToByteArray(), new Dictionary<string, float[]> { ["meta"] = [1, 2, 3, 4] });
        using (zeros.Graph)
        using (given.Graph)
        {
            Assert.Contains("'meta' (?×4)", zeros.Remark, StringComparison.Ordinal);
            Assert.Null(given.Remark);
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor images = torch.tensor(OnnxModelBuilder.Noise(384, 3)).reshape(2, 3, 8, 8);
            Assert.Equal([0, 0, 0, 0], Output(zeros.Graph, images)[12..]);
            Assert.Equal([1, 2, 3, 4], Output(given.Graph, images)[12..]);
            Assert.False(given.Graph.SeesImage(given.Graph.Nodes.ToList().FindIndex(node => node.Source == "m")));
        }

        Assert.Equal("InputUnknown", Assert.Throws<CnnVizException>(() =>
            OnnxReader.Read("test.onnx", model.ToByteArray(), new Dictionary<string, float[]> { ["nothing"] = [1] })).ErrorId);
        Assert.Equal("InputMismatch", Assert.Throws<CnnVizException>(() =>
            OnnxReader.Read("test.onnx", model.ToByteArray(), new Dictionary<string, float[]> { ["meta"] = [1, 2] })).ErrorId);
    }

    [Fact]
    public void Of_two_images_the_one_that_has_no_value_is_the_image()
    {
        ModelProto model = new OnnxModelBuilder().Input("left", 1, 3, 8, 8).Input("right", 1, 3, 8, 8)
            .Initializer(OnnxModelBuilder.Floats("weight", OnnxModelBuilder.Noise(12, 1), 4, 3, 1, 1))
            .Node("Conv", ["left", "weight"], ["a"]).Node("Conv", ["right", "weight"], ["b"]).Node("Sub", ["a", "b"], ["y"]).Output("y").Model;
        ModelSource source = OnnxReader.Read("test.onnx", model.ToByteArray(), new Dictionary<string, float[]> { ["left"] = [0.5f] });
        using Graph graph = source.Graph;
        Assert.Equal("right", graph.Nodes[0].Source);
    }

    private static float[] Output(Graph graph, torch.Tensor images) => graph.SubGraph(graph.Outputs[0]).Run(images).ToFloats();
}
