using CnnViz.Import;
using CnnViz.Import.Onnx;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using Google.Protobuf;
using TorchSharp;

namespace CnnViz.Tests.Import;

/// <summary>What depends on operators that are not known is left out; graphs that others write in other ways are the same graphs.</summary>
public sealed class OnnxPartTests : ReaderTest
{
    [Theory]
    [InlineData("NonMaxSuppression", "")]
    [InlineData("LSTM", "")]
    [InlineData("Loop", "")]
    [InlineData("Polish", "com.example")]
    public void What_follows_an_operator_that_is_not_known_is_left_out_and_named(string type, string domain)
    {
        ModelProto model = OnnxModelBuilder.Convolution().Node(type, ["relu"], ["a"]).Node("Relu", ["a"], ["b"]).Output("b").Model;
        model.Graph.Node[2].Domain = domain;
        ModelSource source = OnnxReader.Read("test.onnx", model.ToByteArray());
        using Graph graph = source.Graph;
        Assert.Contains(type, source.Remark, StringComparison.Ordinal);
        Assert.Equal(["conv", "relu"], graph.Nodes.Where(node => node.Operator.IsLayer && node.Inputs.Count > 0).Select(node => node.Source));
        Assert.Equal("relu", graph.Nodes[graph.Outputs[0]].Source);
    }

    [Theory]
    [InlineData(1, "1-D (Conv1d)")]
    [InlineData(3, "3-D (Conv3d)")]
    public void Networks_of_other_dimensions_are_refused_by_what_they_are(int dimensions, string reason)
    {
        long[] ones = [.. Enumerable.Repeat(1L, dimensions)];
        ModelProto model = new OnnxModelBuilder().Input("series", [1, 1, .. ones.Select(_ => 16L)])
            .Initializer(OnnxModelBuilder.Floats("weight", OnnxModelBuilder.Noise(4, 1), [4, 1, .. ones]))
            .Node("Conv", ["series", "weight"], ["y"]).Output("y").Model;
        CnnVizException error = ReadFails(model);
        Assert.Equal("NotAnImageModel", error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_goes_before_all_convolutions_must_be_known()
    {
        ModelProto model = OnnxModelBuilder.Convolution().Model;
        model.Graph.Node.Insert(0, new NodeProto { OpType = "Decode", Domain = "com.example", Input = { "image" }, Output = { "decoded" } });
        model.Graph.Node[1].Input[0] = "decoded";
        Assert.Equal("UnsupportedOperator", ReadFails(model).ErrorId);
    }

    [Fact]
    public void Nodes_out_of_order_are_sorted_and_a_circle_is_an_error()
    {
        ModelProto model = OnnxText.Parse(13, "a = Relu(x); b = Sigmoid(a); y = Add(a, b)", 1, 3, 8, 8);
        float[] expected = Output(model);
        NodeProto[] reversed = [.. model.Graph.Node.Reverse()];
        model.Graph.Node.Clear();
        model.Graph.Node.AddRange(reversed);
        Assert.Equal(expected, Output(model));
        model.Graph.Node.Single(node => node.OpType == "Relu").Input[0] = "y";
        Assert.Equal("NodesCircular", ReadFails(model).ErrorId);
    }

    [Fact]
    public void Functions_of_the_model_are_put_in_place()
    {
        ModelProto plain = OnnxText.Parse(17, "a = LeakyRelu<alpha=0.3>(x); b = Sigmoid(a); c = Mul(a, b); d = LeakyRelu<alpha=0.2>(c); e = Sigmoid(d); y = Mul(d, e)", 1, 3, 8, 8);
        ModelProto model = OnnxText.Parse(17, "p = Gate<slope=0.3>(x); y = Gate(p)", 1, 3, 8, 8);
        foreach (NodeProto node in model.Graph.Node.Skip(1))
        {
            node.Domain = "own";
        }

        var function = new FunctionProto { Name = "Gate", Domain = "own", Input = { "in" }, Output = { "out" } };
        function.Node.Add(new NodeProto { OpType = "LeakyRelu", Input = { "in" }, Output = { "t" }, Attribute = { new AttributeProto { Name = "alpha", Type = 1, RefAttrName = "slope" } } });
        function.Node.Add(new NodeProto { OpType = "Half", Domain = "own", Input = { "t" }, Output = { "out" } });
        function.AttributeProto.Add(new AttributeProto { Name = "slope", Type = 1, F = 0.2f });
        var inner = new FunctionProto { Name = "Half", Domain = "own", Input = { "in" }, Output = { "out" } };
        inner.Node.Add(new NodeProto { OpType = "Sigmoid", Input = { "in" }, Output = { "t" } });
        inner.Node.Add(new NodeProto { OpType = "Mul", Input = { "in", "t" }, Output = { "out" } });
        model.Functions.AddRange([function, inner]);
        Assert.Equal(Output(plain), Output(model));

        inner.Node[0] = new NodeProto { OpType = "Gate", Domain = "own", Input = { "in" }, Output = { "t" } };
        Assert.Equal("FunctionsEndless", ReadFails(model).ErrorId);
    }

    [Theory]
    [InlineData("c = Equal({1}, {1})", "relu")]
    [InlineData("c = Equal({1}, {2})", "sigmoid")]
    [InlineData("s = Shape(x); g = Gather(s, 1); c = Equal(g, 3)", "relu")]
    public void An_if_whose_condition_is_known_is_its_branch(string condition, string branch)
    {
        ModelProto model = OnnxText.Parse(13, $"{condition}; y = If(c)", 1, 3, 8, 8);
        NodeProto node = model.Graph.Node[^1];
        node.Attribute.Add(Branch("then_branch", "Relu"));
        node.Attribute.Add(Branch("else_branch", "Sigmoid"));
        string expected = branch == "relu" ? "Relu" : "Sigmoid";
        Assert.Equal(Output(OnnxText.Parse(13, $"{condition}; y = {expected}(x)", 1, 3, 8, 8)), Output(model));
    }

    [Fact]
    public void An_if_on_the_image_is_left_out()
    {
        ModelProto model = OnnxText.Parse(13, "m = ReduceMean<keepdims=0>(x); c = Greater(m, 0.5); y = If(c)", 1, 3, 8, 8);
        model.Graph.Node[^1].Attribute.Add(Branch("then_branch", "Relu"));
        model.Graph.Node[^1].Attribute.Add(Branch("else_branch", "Sigmoid"));
        ModelSource source = OnnxReader.Read("test.onnx", model.ToByteArray());
        source.Graph.Dispose();
        Assert.Contains("If on what is in the image", source.Remark, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Affine<alpha=2.0, beta=0.5>(x)", "a = Mul(x, 2.0); y = Add(a, 0.5)")]
    [InlineData("ImageScaler<scale=2.0, bias=[1.0,2.0,3.0]>(x)", "y = BatchNormalization<epsilon=0.0>(x, {2.0,2.0,2.0}, {1.0,2.0,3.0}, {0.0,0.0,0.0}, {1.0,1.0,1.0})")]
    [InlineData("Crop<border=[1,2,3,1]>(x)", "y = Slice<starts=[2,1], ends=[-1,-3], axes=[2,3]>(x)")]
    [InlineData("Crop<border=[1,2,3,1], scale=[3,4]>(x)", "y = Slice<starts=[2,1], ends=[5,5], axes=[2,3]>(x)")]
    [InlineData("Add<broadcast=1, axis=1>(x, {1.0,2.0,3.0})", "y = BatchNormalization<epsilon=0.0>(x, {1.0,1.0,1.0}, {1.0,2.0,3.0}, {0.0,0.0,0.0}, {1.0,1.0,1.0})")]
    [InlineData("Upsample<height_scale=2.0, width_scale=3.0>(x)", "y = Upsample<scales=[1.0,1.0,2.0,3.0]>(x)")]
    [InlineData("Pad<paddings=[0,0,1,1,0,0,2,0]>(x)", "y = Pad<pads=[0,0,1,1,0,0,2,0]>(x)")]
    [InlineData("Cast<to=FLOAT>(x)", "y = Cast<to=1>(x)")]
    [InlineData("PRelu(x, {0.1,0.2,0.3})", "a = Relu(x); n = Neg(x); r = Relu(n); b = BatchNormalization<epsilon=0.0>(r, {-0.1,-0.2,-0.3}, {0.0,0.0,0.0}, {0.0,0.0,0.0}, {1.0,1.0,1.0}); y = Add(a, b)")]
    [InlineData("Dropout<is_test=1, ratio=0.5>(x)", "y = Identity(x)")]
    public void Operators_of_the_oldest_sets_are_those_of_later_ones(string old, string later)
    {
        float[] expected = Output(OnnxText.Parse(8, later, 1, 3, 8, 8));
        float[] actual = Output(OnnxText.Parse(1, $"y = {old}", 1, 3, 8, 8));
        Assert.True(OnnxRuntimeReference.WorstError(expected, actual) < 1e-6);
    }

    [Fact]
    public void Names_of_modules_in_metadata_are_the_layers_names()
    {
        ModelProto model = OnnxText.Parse(18, "a = Relu(x); y = Relu(a)", 1, 3, 8, 8);
        string[] scopes = ["['', 'stem', 'stem.conv', 'conv2d']", "['', 'stem', 'stem.act', 'relu']", "['', 'stem', 'stem.act@1', 'relu_1']"];
        foreach ((NodeProto node, string scope) in model.Graph.Node.Zip(scopes))
        {
            node.MetadataProps.Add(new StringStringEntryProto { Key = "pkg.torch.onnx.name_scopes", Value = scope });
        }

        using CnnModel loaded = Load(model);
        Assert.Equal(["stem.conv", "stem.act", "stem.act_1"], loaded.Layers.Select(layer => layer.Name));
    }

    private static AttributeProto Branch(string name, string type)
    {
        var graph = new GraphProto { Name = name, Node = { new NodeProto { OpType = type, Input = { "x" }, Output = { "inner" } } } };
        graph.Output.Add(new ValueInfoProto { Name = "inner" });
        return new AttributeProto { Name = name, Type = 5, G = graph };
    }
}
