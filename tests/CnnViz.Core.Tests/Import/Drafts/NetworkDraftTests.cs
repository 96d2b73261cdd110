using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Import.Drafts;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Drafts;

public sealed class NetworkDraftTests : EngineTest
{
    [Fact]
    public void A_draft_is_a_description_with_every_guess_marked()
    {
        using StateDict tensors = DraftTensors.Of("conv1 8×1×3×3", "conv2 16×8×3×3", "fc1 20×784", "fc2 10×20");

        Assert.Equal(
            [
                "input size=28 # guess: preprocessing",
                "conv1 conv padding=1 # 8×1×3×3; guess: stride, padding",
                "conv1.relu relu # guess: activation",
                "conv1.pool maxpool kernel=2 # guess",
                "conv2 conv padding=1 # 16×8×3×3; guess: stride, padding",
                "conv2.relu relu # guess: activation",
                "conv2.pool maxpool kernel=2 # guess",
                "flatten flatten",
                "fc1 linear # 20×784",
                "fc1.relu relu # guess: activation",
                "fc2 linear # 10×20",
            ],
            Lines(Draft(tensors)));
    }

    [Theory]
    [InlineData(3, 32, new[] { "conv1 6×3×5×5", "conv2 16×6×5×5", "fc1 120×400", "fc2 84×120", "fc3 10×84" }, "0 0", "conv1 conv2")]
    [InlineData(1, 28, new[] { "conv1 6×1×5×5", "conv2 12×6×5×5", "fc1 120×192", "out 10×120" }, "0 0", "conv1 conv2")]
    [InlineData(1, 28, new[] { "a 32×1×3×3", "b 20×32×3×3", "fc1 128×2880" }, "0 0", "b")]
    [InlineData(1, 28, new[] { "conv0 1×1×7×7", "conv1 1×1×7×7", "conv2 1×1×5×5", "conv12 1×1×3×3", "fc1 10×100" }, "0 0 0 0", "")]
    [InlineData(3, 224, new[] { "f.0 16×3×3×3", "f.3 32×16×3×3", "f.6 64×32×3×3", "c.1 10×50176" }, "1 1 1", "f.2 f.5 f.6.pool")]
    [InlineData(3, 32, new[] { "conv1 12×3×5×5", "bn1 12", "conv2 12×12×5×5", "bn2 12", "conv4 24×12×5×5", "bn4 24", "fc1 10×3456" }, "1 1 1", "conv2.pool")]
    [InlineData(3, 64, new[] { "n.0 16×3×4×4", "n.2 32×16×4×4", "n.5 10×8192" }, "1 1", "")]
    public void Windows_and_size_follow_from_the_dense_layer(int channels, int size, string[] layers, string paddings, string pools)
    {
        using StateDict tensors = DraftTensors.Of(layers);
        string[] lines = Lines(Draft(tensors));

        ArchitectureMatch match = Match(tensors);

        Assert.Equal((channels, size), (match.ImageChannels, match.Architecture.InputSize));
        Assert.Equal(paddings, string.Join(' ', lines.Where(line => line.Contains(" conv ", StringComparison.Ordinal)).Select(line =>
            line.Split("padding=") is [_, var after, ..] ? after.Split(' ')[0] : "0")));
        Assert.Equal(
            pools,
            string.Join(' ', lines.Where(line => line.Contains(" maxpool ", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]
                .Replace(".pool", pools.Contains(".pool", StringComparison.Ordinal) ? ".pool" : string.Empty, StringComparison.Ordinal))));
        using Graph graph = match.Build();
        using torch.Tensor output = graph.SubGraph(graph.Outputs[0]).Run(torch.zeros(1, channels, size, size));
        Assert.Equal(2, output.dim());
    }

    [Fact]
    public void A_plain_chain_agrees_with_its_definition()
    {
        using StateDict tensors = DraftTensors.Of(
            "features.0 8×3×3×3", "features.1 8", "features.4 16×8×3×3", "features.5 16", "classifier.1 20×1024", "classifier.2 20", "classifier.4 5×20");
        using torch.Tensor image = torch.rand(2, 3, 32, 32);

        torch.Tensor x = relu(image.Conv(tensors, "features.0", padding: 1).Norm(tensors, "features.1")).Pool();
        x = relu(x.Conv(tensors, "features.4", padding: 1).Norm(tensors, "features.5")).Pool().flatten(1);
        x = relu(x.Dense(tensors, "classifier.1").Norm(tensors, "classifier.2")).Dense(tensors, "classifier.4");

        AssertAgrees(tensors, image, x);
    }

    [Fact]
    public void Normalizations_that_are_listed_behind_all_convolutions_run_behind_their_own()
    {
        using StateDict tensors = DraftTensors.Of("conv1 8×1×3×3", "conv2 8×8×3×3", "bn1 8", "bn2 8", "fc1 10×392");
        using torch.Tensor image = torch.rand(1, 1, 28, 28);

        torch.Tensor x = relu(image.Conv(tensors, "conv1", padding: 1).Norm(tensors, "bn1")).Pool();
        x = relu(x.Conv(tensors, "conv2", padding: 1).Norm(tensors, "bn2")).Pool().flatten(1).Dense(tensors, "fc1");

        AssertAgrees(tensors, image, x);
    }

    [Fact]
    public void Safetensors_sort_keys_and_numbers_count_all_the_same()
    {
        using StateDict tensors = DraftTensors.Of(
            "classifier.0 10×32", "features.0 8×3×3×3", "features.10 32×16×3×3", "features.3 16×8×3×3", "features.6 16×16×3×3");

        string[] lines = [.. Lines(Draft(tensors)).Select(line => line.Split(' ')[0])];

        string[] weighted = ["features.0", "features.3", "features.6", "features.10", "classifier.0"];
        Assert.Equal(weighted, lines.Where(line => weighted.Contains(line)));
    }

    [Fact]
    public void Separable_convolutions_and_slopes_are_known_by_their_weights()
    {
        using StateDict tensors = DraftTensors.Of(
            "conv0 4×3×3×3", "block.depthwise 4×1×3×3", "block.pointwise 8×4×1×1", "act.prelu 8!", "last 4×8×1×1");
        using torch.Tensor image = torch.rand(1, 3, 16, 16);

        torch.Tensor x = relu(image.Conv(tensors, "conv0", padding: 1));
        x = x.Conv(tensors, "block.depthwise", padding: 1, groups: 4).Conv(tensors, "block.pointwise");
        x = prelu(x, tensors.Get("act.prelu.weight")).Conv(tensors, "last");

        AssertAgrees(tensors, image, x);
    }

    [Fact]
    public void Layers_side_by_side_at_the_end_take_from_the_same()
    {
        using StateDict tensors = DraftTensors.Of("conv1 8×3×3×3", "conv4_1 2×8×1×1", "conv4_2 4×8×1×1");

        Assert.Contains("conv4_2 conv from=conv1.relu # 4×8×1×1; guess: beside 'conv4_1', stride", Lines(Draft(tensors)));
    }

    [Theory]
    [InlineData("layer1.0.conv1", "'layer1.0' may be a block with a shortcut", "conv1 8×3×3×3", "layer1.0.conv1 8×8×3×3", "layer1.0.conv2 8×8×3×3")]
    [InlineData("layer1.0.conv1", "'layer1.0' may be a block with a shortcut", "conv1 8×3×3×3", "layer1.0.conv1 16×8×3×3", "layer1.0.conv2 16×16×3×3", "layer1.0.shortcut.0 16×8×1×1")]
    [InlineData("b.branch1", "its name tells of a path beside others", "conv1 8×3×3×3", "b.branch1 8×8×3×3")]
    [InlineData("up2", "it takes 16 channels, and the layer before gives 8", "down1 8×3×3×3", "down2 8×8×3×3", "up2 4×16×3×3")]
    [InlineData("fc", "it takes 100 values, which no map of 8 channels has", "conv1 8×3×3×3", "fc 10×100")]
    [InlineData("norm", "it is a normalization, and its weights do not tell over what", "conv1 8×3×3×3", "norm 8×1")]
    public void A_chain_ends_where_it_is_not_sure(string at, string why, params string[] layers)
    {
        using StateDict tensors = layers[^1] == "norm 8×1" ? WithPlainNorm() : DraftTensors.Of(layers);

        NetworkDraft draft = Draft(tensors);

        Assert.Contains($"the chain ends before '{at}': {why}.", draft.Summary, StringComparison.Ordinal);
        Assert.Contains(Lines(draft), line => line.StartsWith($"{at} omit", StringComparison.Ordinal));
        Assert.True(Match(tensors).Fits);
    }

    [Fact]
    public void Given_a_size_nothing_else_is_tried()
    {
        using StateDict tensors = DraftTensors.Of("conv1 8×3×3×3", "conv2 16×8×3×3", "fc 10×4096");

        NetworkDraft draft = NetworkDraft.Of("x.pth", tensors, new Extent(64, 64))!;

        Assert.Equal("input size=64 # guess: preprocessing", Lines(draft)[0]);
        Assert.Contains("fc linear # 10×4096", Lines(draft));
    }

    [Fact]
    public void What_was_inferred_is_said_with_the_model()
    {
        using StateDict tensors = DraftTensors.Of("conv1 8×1×3×3", "conv2 16×8×3×3", "fc1 20×784");

        string remark = Match(tensors).Architecture.Remark!;

        Assert.Contains("stride 1 and paddings that keep the size; 2 times ReLU; max pooling at conv1.pool, conv2.pool.", remark, StringComparison.Ordinal);
        Assert.Contains("-Draft net.txt", remark, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("it has 2 dense layers", "fc1 10×784", "fc2 10×10")]
    [InlineData("it has one convolution over sequences (1-D), one dense layer", "c 4×1×3", "fc 2×8")]
    [InlineData("it has one convolution over volumes (3-D)", "c 4×1×3×3×3")]
    [InlineData("it has one attention layer, one dense layer", "encoder.0.attn 8×8", "fc 2×8")]
    public void Files_without_convolutions_say_what_they_have(string what, params string[] layers)
    {
        using StateDict tensors = DraftTensors.Of(layers);

        var exception = Assert.Throws<ModelFormatException>(() => Match(tensors));

        Assert.Equal("NoConvolution", exception.ErrorId);
        Assert.Contains($"There is no 2-D convolution in 'x.pth'; {what}.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_without_an_image_are_listed()
    {
        using StateDict tensors = DraftTensors.Of([.. Enumerable.Range(0, 40).Select(i => $"lin{i} 1×64×1×1")]);

        var exception = Assert.Throws<ModelFormatException>(() => Match(tensors));

        Assert.Equal("ArchitectureNotFound", exception.ErrorId);
        Assert.Contains("'lin0' is first, and it takes 64 channels, and no image has so many.", exception.Message, StringComparison.Ordinal);
        Assert.StartsWith("  lin0   weight 1×64×1×1, bias 1\n", exception.Details, StringComparison.Ordinal);
        Assert.Contains("\n  … 16 more …\n", exception.Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("con v")]
    [InlineData("con\nv")]
    [InlineData("#conv")]
    [InlineData("input")]
    public void Names_that_no_description_can_have_end_the_chain(string name)
    {
        using StateDict tensors = new(
            [
                .. DraftTensors.Of("conv1 8×3×3×3").Tensors,
                new StateTensor($"{name}.weight", torch.ScalarType.Float32, [8, 8, 3, 3], () => torch.ones(8, 8, 3, 3)),
            ],
            "test");

        Assert.Contains("a description has no way to write its name", Draft(tensors).Summary, StringComparison.Ordinal);
    }

    private static StateDict WithPlainNorm() => new(
        [
            .. DraftTensors.Of("conv1 8×3×3×3").Tensors,
            new StateTensor("norm.weight", torch.ScalarType.Float32, [8], () => torch.ones(8)),
            new StateTensor("norm.bias", torch.ScalarType.Float32, [8], () => torch.ones(8)),
        ],
        "test");

    private static NetworkDraft Draft(StateDict tensors) => NetworkDraft.Of("x.pth", tensors, null)!;

    private static ArchitectureMatch Match(StateDict tensors) => ArchitectureChooser.Choose("x.pth", tensors, null);

    private static string[] Lines(NetworkDraft draft) =>
    [
        .. draft.Text.Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))),
    ];

    private static void AssertAgrees(StateDict tensors, torch.Tensor image, torch.Tensor expected)
    {
        ArchitectureMatch match = Match(tensors);
        using Graph graph = match.Build();
        using torch.Tensor actual = graph.SubGraph(graph.Outputs[0]).Run(image);
        Assert.Equal(expected.shape, actual.shape);
        Assert.All(expected.ToFloats().Zip(actual.ToFloats()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.Equal(image.shape[1], match.ImageChannels);
    }
}
