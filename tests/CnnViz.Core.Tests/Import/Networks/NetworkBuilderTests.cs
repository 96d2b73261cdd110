using CnnViz.Export;
using CnnViz.Import.Networks;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;
using Padding = CnnViz.Networks.Operators.Padding;

namespace CnnViz.Tests.Import.Networks;

public sealed class NetworkBuilderTests : EngineTest
{
    /// <summary>Each layer on 2 channels of 9×7: what runs here, and what ONNX Runtime makes of the file that is written.</summary>
    private static readonly Dictionary<string, Func<NetworkBuilder, Value, Value>> s_layers = new()
    {
        ["Conv2d"] = (net, x) => net.Conv2d("layer", x, Wave(4, 1, 3, 3), Wave(4), Windows.Of(new(3, 3), new(2, 1), new(1, 0)), groups: 2),
        ["Conv2d, same"] = (net, x) => net.Conv2d(
            "layer", x, Wave(3, 2, 3, 3), null, Windows.Square(3, stride: 2) with { Rule = PaddingRule.SameUpper }),
        ["Conv2d, dilated"] = (net, x) => net.Conv2d("layer", x, Wave(3, 2, 3, 3), null, Windows.Square(3, padding: 2, dilation: 2)),
        ["ConvTranspose2d"] = (net, x) => net.ConvTranspose2d(
            "layer", x, Wave(2, 3, 3, 3), Wave(3), Windows.Square(3, stride: 2, padding: 1), new(1, 1)),
        ["BatchNorm2d"] = (net, x) => net.BatchNorm2d("layer", x, Wave(2), Wave(2), Wave(2), torch.tensor([0.5f, 2]), 1e-3),
        ["LayerNorm2d"] = (net, x) => net.LayerNorm2d("layer", x, Wave(2), Wave(2), 1e-6),
        ["Scale"] = (net, x) => net.Scale("layer", x, Wave(2, 1, 1)),
        ["Linear"] = (net, x) => net.Linear("layer", net.Flatten("flatten", x), Wave(5, 126), Wave(5)),
        ["PReLU"] = (net, x) => net.PReLU("layer", x, Wave(2, 1, 1)),
        ["MaxPool2d, ceil"] = (net, x) => net.MaxPool2d("layer", x, Windows.Square(2, stride: 2), ceilMode: true),
        ["AvgPool2d, counted"] = (net, x) => net.AvgPool2d("layer", x, Windows.Square(3, padding: 1), countPadding: true),
        ["AvgPool2d, not counted"] = (net, x) => net.AvgPool2d("layer", x, Windows.Square(3, padding: 1), countPadding: false),
        ["GlobalAvgPool2d"] = (net, x) => net.GlobalAvgPool2d("layer", x),
        ["GlobalMaxPool2d"] = (net, x) => net.GlobalMaxPool2d("layer", x),
        ["AdaptiveAvgPool2d, larger"] = (net, x) => net.AdaptiveAvgPool2d("layer", x, 12, 8),
        ["AdaptiveAvgPool2d, smaller"] = (net, x) => net.AdaptiveAvgPool2d("layer", x, 4, 3),
        ["AdaptiveAvgPool2d, divisible"] = (net, x) => net.AdaptiveAvgPool2d("layer", x, 3, 1),
        ["ReLU"] = (net, x) => net.ReLU("layer", x),
        ["ReLU6"] = (net, x) => net.ReLU6("layer", x),
        ["Clip"] = (net, x) => net.Clip("layer", x, -0.5f, 0.25f),
        ["LeakyReLU"] = (net, x) => net.LeakyReLU("layer", x, 0.1),
        ["ELU"] = (net, x) => net.ELU("layer", x),
        ["SELU"] = (net, x) => net.SELU("layer", x),
        ["SiLU"] = (net, x) => net.SiLU("layer", x),
        ["GELU"] = (net, x) => net.GELU("layer", x),
        ["TanhGELU"] = (net, x) => net.TanhGELU("layer", x),
        ["Hardswish"] = (net, x) => net.Hardswish("layer", x),
        ["Hardsigmoid"] = (net, x) => net.Hardsigmoid("layer", x),
        ["Sigmoid"] = (net, x) => net.Sigmoid("layer", x),
        ["Tanh"] = (net, x) => net.Tanh("layer", x),
        ["Softplus"] = (net, x) => net.Softplus("layer", x),
        ["Softsign"] = (net, x) => net.Softsign("layer", x),
        ["Exponential"] = (net, x) => net.Exponential("layer", x),
        ["Softmax"] = (net, x) => net.Softmax("layer", x),
        ["Add"] = (net, x) => net.Add("layer", x, net.ReLU("relu", x)),
        ["Mul"] = (net, x) => net.Mul("layer", x, net.ReLU("relu", x)),
        ["Concat"] = (net, x) => net.Concat("layer", x, net.ReLU("relu", x)),
        ["Permute"] = (net, x) => net.Permute("layer", x, 0, 2, 3, 1),
        ["Reshape"] = (net, x) => net.Reshape("layer", x, 0, -1, 1, 9),
        ["ShuffleChannels"] = (net, x) => net.ShuffleChannels("layer", net.Concat("cat", x, x, net.ReLU("relu", x)), 2),
        ["SliceChannels"] = (net, x) => net.SliceChannels("layer", x, 1, 2),
        ["Pad"] = (net, x) => net.Pad("layer", x, new Padding(1, 0, 2, 3)),
        ["Crop"] = (net, x) => net.Crop("layer", x, new Padding(1, 0, 2, 3)),
        ["UpsampleNearest"] = (net, x) => net.UpsampleNearest("layer", x, 2, 3),
        ["UpsampleBilinear"] = (net, x) => net.UpsampleBilinear("layer", x, 2, 2),
    };

    public static TheoryData<string> Layers => [.. s_layers.Keys];

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_gives_what_its_ONNX_node_gives(string layer)
    {
        var net = new NetworkBuilder(channels: 2);
        Value output = s_layers[layer](net, net.Conv2d("first", net.Image, Wave(2, 2, 1, 1), null, Windows.Square(1)));
        var facts = new ModelFacts("net", "net", "test", string.Empty, new LayerShape(2, 9, 7, IsMap: true), Preprocessing.Unit);
        using var model = new CnnModel(net.Build(output), facts, torch.CPU);
        float[] image = [.. Enumerable.Range(0, 2 * 9 * 7).Select(i => MathF.Sin(i * 0.37f))];
        using torch.Tensor input = torch.tensor(image).reshape(1, 2, 9, 7);
        using torch.Tensor actual = model.Graph.SubGraph(model.Graph.Outputs[0]).Run(input);

        ModelProto file = OnnxWriter.ToProto(model);
        (int[] shape, float[] expected) = OnnxRuntimeReference.RunOutputs(file, image, [1, 2, 9, 7]).Single();

        Assert.Equal(shape.Select(size => (long)size), actual.shape);
        Assert.InRange(OnnxRuntimeReference.WorstError(expected, actual.ToFloats()), 0, 1e-5);
    }

    [Fact]
    public void Adaptive_pooling_follows_torch_at_sizes_that_do_not_divide()
    {
        using torch.Tensor column = torch.arange(5, torch.float32).reshape(1, 1, 5, 1);
        using var pool = new AdaptiveAvgPool(new(3, 1));

        using torch.Tensor pooled = pool.Run([column]);

        // Rows 0 and 1; 1, 2 and 3; 3 and 4.
        Assert.Equal([0.5f, 2, 3.5f], pooled.ToFloats());
    }

    [Fact]
    public void Channels_are_shuffled_as_ShuffleNet_does()
    {
        var net = new NetworkBuilder(channels: 6);
        using Graph graph = net.Build(net.ShuffleChannels("shuffle", net.Image, 2));
        using torch.Tensor image = torch.arange(6, torch.float32).reshape(1, 6, 1, 1);

        using torch.Tensor shuffled = graph.SubGraph(1).Run(image);

        Assert.Equal([0, 3, 1, 4, 2, 5], shuffled.ToFloats());
    }

    [Fact]
    public void A_name_that_is_taken_gets_a_number()
    {
        var net = new NetworkBuilder(channels: 1);
        Value output = net.ReLU("relu", net.ReLU("relu", net.ReLU("relu", net.Image)));
        using Graph graph = net.Build(output);

        Assert.Equal(["input", "relu", "relu_1", "relu_2"], graph.Nodes.Select(node => node.Name));
    }

    [Fact]
    public void A_layer_that_cannot_be_made_is_named()
    {
        var net = new NetworkBuilder(channels: 1);
        Value output = net.MaxPool2d("pool5", net.Image, Windows.Square(0));

        var exception = Assert.Throws<ModelFormatException>(() => net.Build(output));

        Assert.Equal("NodeInvalid", exception.ErrorId);
        Assert.Contains("'pool5'", exception.Message, StringComparison.Ordinal);
    }

    private static torch.Tensor Wave(params long[] shape)
    {
        using torch.Tensor positions = torch.arange(shape.Aggregate(1L, (a, b) => a * b), torch.float32);
        return (positions * 0.7f + 0.2f).sin().reshape(shape);
    }
}
