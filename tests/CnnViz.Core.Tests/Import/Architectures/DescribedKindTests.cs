using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Tests.Import.Drafts;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Architectures;

/// <summary>The kinds of layers of a description, held against torch's functions.</summary>
public sealed class DescribedKindTests : EngineTest
{
    private static readonly Dictionary<string, Func<torch.Tensor, StateDict, torch.Tensor>> s_definitions = new()
    {
        ["prelu"] = (x, net) => prelu(x, net.Get("a.weight")),
        ["dense prelu"] = (x, net) =>
        {
            torch.Tensor flat = x.flatten(1).Dense(net, "fc");
            return torch.where(flat > 0, flat, flat * net.Get("a.weight"));
        },
        ["convtranspose"] = (x, net) => conv_transpose2d(x, net.Get("a.weight"), net.Get("a.bias"), strides: [2, 2], padding: [1, 1], output_padding: [1, 1]),
        ["grouped convtranspose"] = (x, net) => conv_transpose2d(x, net.Get("a.weight"), net.Get("a.bias"), groups: 2),
        ["instancenorm"] = (x, net) =>
        {
            torch.Tensor centred = x - x.mean([2, 3], keepdim: true);
            torch.Tensor variance = (centred * centred).mean([2, 3], keepdim: true);
            return centred / (variance + 1e-5).sqrt();
        },
        ["groupnorm"] = (x, net) => group_norm(x, 2, net.Get("a.weight"), net.Get("a.bias"), 1e-5),
        ["dense layernorm"] = (x, net) =>
        {
            torch.Tensor flat = x.flatten(1);
            torch.Tensor centred = flat - flat.mean([1], keepdim: true);
            return centred / ((centred * centred).mean([1], keepdim: true) + 1e-5).sqrt() * net.Get("a.weight") + net.Get("a.bias");
        },
        ["batchnorm without weights"] = (x, net) =>
            (x - net.Get("a.running_mean").reshape(1, -1, 1, 1)) / (net.Get("a.running_var").reshape(1, -1, 1, 1) + 1e-5).sqrt(),
        ["reflecting conv"] = (x, net) => pad(x, [1, 1, 1, 1], PaddingModes.Reflect).Conv(net, "a"),
        ["circular conv"] = (x, net) => pad(x, [1, 1, 1, 1], PaddingModes.Circular).Conv(net, "a"),
        ["replicate pad"] = (x, net) => pad(x, [2, 2, 1, 1], PaddingModes.Replicate),
        ["pixelshuffle"] = (x, net) => pixel_shuffle(x, 2),
        ["upsample"] = (x, net) => x.repeat_interleave(3, 2).repeat_interleave(2, 3),
        ["leakyrelu"] = (x, net) => torch.where(x > 0, x, x * 0.2),
        ["mish"] = (x, net) => x * (x.exp() + 1).log().tanh(),
        ["lrn"] = (x, net) => local_response_norm(x, 3, alpha: 0.5, beta: 0.75, k: 2),
        ["named values"] = (x, net) =>
        {
            torch.Tensor first = x.Conv(net, "a", padding: 1);
            return torch.cat([relu(first) + x, x], 1);
        },
    };

    [Theory]
    [InlineData("prelu", "a prelu", "a 4!")]
    [InlineData("prelu", "a prelu", "a 1!")]
    [InlineData("dense prelu", "flat flatten\nfc linear\na prelu", "fc 6×144", "a 6!")]
    [InlineData("convtranspose", "a convtranspose stride=2 padding=1 output_padding=1", "a 4×3×3×3 3")]
    [InlineData("grouped convtranspose", "a convtranspose groups=2", "a 4×3×2×2 6")]
    [InlineData("instancenorm", "x identity\na instancenorm")]
    [InlineData("groupnorm", "a groupnorm groups=2", "a 4")]
    [InlineData("dense layernorm", "flat flatten\na layernorm", "a 144")]
    [InlineData("batchnorm without weights", "a batchnorm", "a 4 statistics")]
    [InlineData("reflecting conv", "a conv padding=1 padding_mode=reflect", "a 4×4×3×3")]
    [InlineData("circular conv", "a conv padding=1 padding_mode=circular", "a 4×4×3×3")]
    [InlineData("replicate pad", "a pad padding=1x2 mode=replicate")]
    [InlineData("pixelshuffle", "a pixelshuffle scale=2")]
    [InlineData("upsample", "a upsample scale=3x2")]
    [InlineData("leakyrelu", "a leakyrelu slope=0.2")]
    [InlineData("mish", "a mish")]
    [InlineData("lrn", "a lrn size=3 alpha=0.5 beta=0.75 k=2")]
    [InlineData("named values", "a conv padding=1\nb relu\nsum add from=b,input\nout concat from=sum,input # what follows says nothing", "a 4×4×3×3")]
    public void A_kind_does_what_torch_does(string definition, string lines, params string[] layers)
    {
        using StateDict tensors = Tensors(layers);
        Architecture architecture = NetworkDescription.Parse("net.txt", $"one conv\n{lines}".Split('\n'));
        var match = new ArchitectureMatch(architecture, tensors, key => architecture.Find!(tensors, key));
        Assert.True(match.Fits, match.Difference);
        using torch.Tensor image = torch.randn(2, 4, 6, 6);

        using Graph graph = match.Build();
        using torch.Tensor actual = graph.SubGraph(graph.Outputs[0]).Run(image);

        torch.Tensor expected = s_definitions[definition](image, tensors);
        Assert.Equal(expected.shape, actual.shape);
        Assert.All(expected.ToFloats().Zip(actual.ToFloats()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Theory]
    [InlineData("a groupnorm", "needs groups=")]
    [InlineData("a conv padding=same padding_mode=reflect", "has padding=same and a padding_mode")]
    [InlineData("a conv padding_mode=mirror", "has padding_mode=mirror; there are zeros, reflect, replicate and circular")]
    [InlineData("a pixelshuffle", "needs scale=")]
    [InlineData("b omit now=yes", "has the option 'now', which omit does not know")]
    [InlineData("input mean=x\na relu", "has mean=x, which is no number")]
    public void A_wrong_line_is_named(string lines, string message)
    {
        using StateDict tensors = Tensors(["a 4×4×3×3"]);

        var exception = Assert.Throws<CnnVizException>(() =>
        {
            _ = new ArchitectureMatch(NetworkDescription.Parse("net.txt", lines.Split('\n')), tensors);
        });

        Assert.Equal("DescriptionInvalid", exception.ErrorId);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_omitted_are_not_missed()
    {
        using StateDict tensors = DraftTensors.Of("conv1 4×3×3×3", "conv10 4×4×3×3", "head.0 2×4×1×1");

        Assert.Equal("unexpected: 'conv10.weight', 'conv10.bias'", Of("conv1 conv", "head omit").Difference);
        Assert.True(Of("conv1 conv", "conv10 omit", "head omit").Fits);

        ArchitectureMatch Of(params string[] lines) => new(NetworkDescription.Parse("net.txt", lines), tensors);
    }

    [Fact]
    public void The_input_has_its_size_and_numbers()
    {
        Architecture architecture = NetworkDescription.Parse("net.txt", ["input size=120x160 mean=0.1307 std=0.3081", "a relu"]);

        Assert.Equal((120, 160), (architecture.InputSize, architecture.InputWidth));
        Assert.Equal([0.1307f, 0.3081f], architecture.Preprocessing.Mean.Concat(architecture.Preprocessing.Std));
    }

    // Four channels as they are, before the layers.
    private static StateDict Tensors(string[] layers)
    {
        StateDict given = DraftTensors.Of([.. layers.Select(layer => layer.Replace(" statistics", string.Empty, StringComparison.Ordinal))]);
        bool hasStatisticsOnly = layers.Any(layer => layer.EndsWith("statistics", StringComparison.Ordinal));
        bool hasNoStatistics = layers is ["a 4"] or ["a 144"];
        return new StateDict(
            [
                new StateTensor("one.weight", torch.ScalarType.Float32, [4, 4, 1, 1], () => torch.eye(4).reshape(4, 4, 1, 1)),
                .. given.Tensors.Where(tensor =>
                    !(hasStatisticsOnly && tensor.Name is ("a.weight" or "a.bias"))
                    && !(hasNoStatistics && tensor.Name.Contains(".running", StringComparison.Ordinal))),
            ],
            "test");
    }
}
