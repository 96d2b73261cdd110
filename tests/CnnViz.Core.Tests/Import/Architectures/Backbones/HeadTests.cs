using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Networks.Graphs;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Architectures.Backbones;

public sealed class HeadTests : EngineTest
{
    private delegate torch.Tensor Forward(torch.Tensor maps, Func<string, torch.Tensor> weight);

    [Fact]
    public void A_dropout_before_the_dense_layer_changes_nothing() => Check(
        Dense("linear.1", 64, 7),
        guess: null,
        (maps, weight) => Linear(maps.mean([2, 3]), weight, "linear.1"));

    [Fact]
    public void Dense_layers_with_something_between_get_a_ReLU() => Check(
        [.. Dense("linear.0", 64, 12), .. Dense("linear.3", 12, 5)],
        guess: "'linear.3'",
        (maps, weight) => Linear(relu(Linear(maps.mean([2, 3]), weight, "linear.0")), weight, "linear.3"));

    [Fact]
    public void Neighbours_in_a_sequence_have_nothing_between_them() => Check(
        [.. Dense("linear.0", 64, 12), .. Dense("linear.1", 12, 5)],
        guess: null,
        (maps, weight) => Linear(Linear(maps.mean([2, 3]), weight, "linear.0"), weight, "linear.1"));

    [Fact]
    public void Indices_count_as_numbers_and_not_as_text() => Check(
        [.. Dense("linear.10", 12, 5), .. Dense("linear.2", 64, 12)],
        guess: "'linear.10'",
        (maps, weight) => Linear(relu(Linear(maps.mean([2, 3]), weight, "linear.2")), weight, "linear.10"));

    [Fact]
    public void Batch_norms_have_their_place() => Check(
        [.. Dense("linear.0", 64, 12, bias: false), .. Norm("linear.1", 12), .. Dense("linear.4", 12, 5)],
        guess: "'linear.4'",
        (maps, weight) => Linear(
            relu(Norm(torch.matmul(maps.mean([2, 3]), weight("linear.0.weight").t()), weight, "linear.1")), weight, "linear.4"));

    [Fact]
    public void A_head_of_fastai_joins_two_poolings() => Check(
        [
            .. Norm("1.2", 128), .. Dense("1.4", 128, 12, bias: false), .. Norm("1.6", 12), .. Dense("1.8", 12, 5, bias: false),
        ],
        guess: "'1.6'",
        (maps, weight) =>
        {
            torch.Tensor x = Norm(torch.cat([maps.amax([2, 3]), maps.mean([2, 3])], 1), weight, "1.2");
            x = Norm(relu(torch.matmul(x, weight("1.4.weight").t())), weight, "1.6");
            return torch.matmul(x, weight("1.8.weight").t());
        },
        prefix: "0.");

    [Fact]
    public void Layers_told_apart_by_numbers_are_one_head() => Check(
        [.. Dense("fc2", 12, 5), .. Norm("norm1", 12), .. Dense("fc1", 64, 12)],
        guess: "'fc2'",
        (maps, weight) => Linear(relu(Norm(Linear(maps.mean([2, 3]), weight, "fc1"), weight, "norm1")), weight, "fc2"));

    [Fact]
    public void A_backbone_may_be_in_a_module_and_the_head_beside_it() => Check(
        Dense("classifier", 64, 9),
        guess: null,
        (maps, weight) => Linear(maps.mean([2, 3]), weight, "classifier"),
        prefix: "model.encoder.");

    [Fact]
    public void Values_that_a_flatten_gives_are_pooled_to_that_many() => Check(
        Dense("head", 64 * 16, 9),
        guess: "1024 values of 64 channels",
        (maps, weight) => Linear(adaptive_avg_pool2d(maps, 4).flatten(1), weight, "head"),
        prefix: "encoder.");

    [Fact]
    public void A_layer_behind_the_published_head_follows_it()
    {
        using StateDict tensors = RuleWeights.For(ArchitectureList.Find("resnet20")!);
        using StateDict file = new(
            [.. tensors.Tensors.Select(tensor => tensor with { Name = $"net2.{tensor.Name}" }), .. Dense("linear", 10, 4)], "test");

        ArchitectureMatch match = ArchitectureChooser.Choose("w.pth", file, null);
        using Graph graph = match.Build();

        Assert.Null(match.Remark);
        Assert.Equal(["linear", "head.linear"], graph.Nodes.Where(node => node.Operator.Weights.Any()).TakeLast(2).Select(node => node.Name));
        Assert.Equal([1, 4], Run(graph, graph.Outputs[0])[0].shape);
    }

    [Theory]
    [InlineData("head.conv.weight", new long[] { 8, 64, 3, 3 }, "'head' left out")]
    [InlineData("decoder.lstm.weight", new long[] { 8, 64, 3 }, "'decoder' left out")]
    [InlineData("fc_age.weight", new long[] { 8, 63 }, "'fc_age' left out")]
    public void A_head_of_other_layers_is_left_out_with_a_word(string key, long[] shape, string word)
    {
        using StateDict tensors = Backbone(string.Empty, [new StateTensor(key, torch.ScalarType.Float32, shape, () => torch.ones(shape))]);

        ArchitectureMatch match = ArchitectureChooser.Choose("w.pth", tensors, null);
        using Graph graph = match.Build();

        Assert.Contains(word, match.Remark, StringComparison.Ordinal);
        Assert.Equal([1, 64, 8, 8], Run(graph, graph.Outputs[0])[0].shape);
    }

    [Fact]
    public void Two_heads_are_both_left_out()
    {
        using StateDict tensors = Backbone(string.Empty, [.. Dense("head_a", 64, 3), .. Dense("head_b", 64, 5)]);

        Assert.Contains(
            "'head_a', 'head_b' left out", ArchitectureChooser.Choose("w.pth", tensors, null).Remark, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bare_backbone_has_no_classes()
    {
        using StateDict tensors = Backbone("encoder.", []);

        Assert.Equal(
            "It has the weights of resnet20: it has no head, and so no classes.",
            ArchitectureChooser.Choose("w.pth", tensors, null).Remark);
    }

    // A silently wrong network is worse than none.
    [Theory]
    [InlineData("layer2.3.conv1.weight")] // one block more
    [InlineData("layer1.0.attention.weight")]
    [InlineData("attention.weight")] // beside the stages, and maybe between them
    public void Something_in_the_midst_of_a_backbone_is_not_left_out(string key)
    {
        using StateDict tensors = Backbone(
            string.Empty, [.. Dense("linear", 64, 3), new StateTensor(key, torch.ScalarType.Float32, [4, 4, 1, 1], () => torch.ones(4, 4, 1, 1))]);

        ArchitectureMatch match = ArchitectureChooser.Choose("w.pth", tensors, null);

        Assert.Equal("a chain that was drafted", match.Architecture.Name);
        Assert.DoesNotContain(match.Expected, tensor => tensor.Key.StartsWith("layer1.0.conv2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("alexnet", "classifier", 256)]
    [InlineData("vgg11_bn", "classifier", 512)]
    [InlineData("resnet18", "fc", 512)]
    [InlineData("squeezenet1_1", "classifier", 512)]
    [InlineData("densenet121", "classifier", 1024)]
    [InlineData("googlenet", "fc", 1024)]
    [InlineData("inception_v3", "fc", 2048)]
    [InlineData("mobilenet_v2", "classifier", 1280)]
    [InlineData("mobilenet_v3_small", "classifier", 576)]
    [InlineData("mnasnet0_5", "classifier", 1280)]
    [InlineData("shufflenet_v2_x0_5", "fc", 1024)]
    [InlineData("efficientnet_b0", "classifier", 1280)]
    [InlineData("regnet_y_400mf", "fc", 440)]
    [InlineData("convnext_tiny", "classifier", 768)]
    public void Every_family_takes_another_head(string name, string head, long channels)
    {
        using StateDict all = ArchitectureTensors.Of(ArchitectureList.Find(name)!);
        using StateDict tensors = new(
        [
            .. all.Tensors.Where(tensor => tensor.Name.Split('.')[0] != head).Select(tensor => tensor with { Name = $"body.{tensor.Name}" }),
            .. Dense("head.1", channels, 7),
        ],
        "test");

        ArchitectureMatch match = ArchitectureChooser.Choose("w.pth", tensors, null);

        Assert.Equal((name, 7L, null), (match.Architecture.Name, match.OutputChannels, match.Remark));
    }

    private static void Check(StateTensor[] head, string? guess, Forward expected, string prefix = "")
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using StateDict tensors = Backbone(prefix, head);
        ArchitectureMatch match = ArchitectureChooser.Choose("w.pth", tensors, null);
        Assert.Equal("resnet20", match.Architecture.Name);
        if (guess is null)
        {
            Assert.Null(match.Remark);
        }
        else
        {
            Assert.Contains(guess, match.Remark, StringComparison.Ordinal);
        }

        using Graph graph = match.Build();
        int maps = graph.Nodes.ToList().FindLastIndex(node => node.Name.StartsWith("layer3.2.relu", StringComparison.Ordinal));
        torch.Tensor[] values = Run(graph, maps, graph.Outputs[0]);
        torch.Tensor wanted = expected(values[0], key => head.Single(tensor => tensor.Name == key).Read());
        Assert.True(values[1].allclose(wanted, rtol: 1e-4, atol: 1e-5), $"{values[1]} instead of {wanted}");
    }

    private static torch.Tensor[] Run(Graph graph, params int[] nodes)
    {
        using var noGradients = torch.no_grad();
        return graph.SubGraph(nodes).RunAll(RuleWeights.Image(32), redirectGradients: false, CancellationToken.None);
    }

    private static StateDict Backbone(string prefix, StateTensor[] head)
    {
        using StateDict tensors = RuleWeights.For(ArchitectureList.Find("resnet20")!);
        return new(
        [
            .. tensors.Tensors.Where(tensor => !tensor.Name.StartsWith("linear.", StringComparison.Ordinal))
                .Select(tensor => tensor with { Name = prefix + tensor.Name }),
            .. head,
        ],
        "test");
    }

    private static StateTensor[] Dense(string name, long inputs, long units, bool bias = true) =>
    [
        RuleWeights.Tensor($"{name}.weight", [units, inputs], "weight"),
        .. bias ? [RuleWeights.Tensor($"{name}.bias", [units], "bias")] : Array.Empty<StateTensor>(),
    ];

    private static StateTensor[] Norm(string name, long units) =>
    [
        RuleWeights.Tensor($"{name}.weight", [units], "norm_weight"), RuleWeights.Tensor($"{name}.bias", [units], "bias"),
        RuleWeights.Tensor($"{name}.running_mean", [units], "running_mean"),
        RuleWeights.Tensor($"{name}.running_var", [units], "running_var"),
        RuleWeights.Tensor($"{name}.num_batches_tracked", [], "num_batches_tracked"),
    ];

    private static torch.Tensor Linear(torch.Tensor x, Func<string, torch.Tensor> weight, string name) =>
        torch.matmul(x, weight($"{name}.weight").t()) + weight($"{name}.bias");

    private static torch.Tensor Norm(torch.Tensor x, Func<string, torch.Tensor> weight, string name) =>
        (x - weight($"{name}.running_mean")) / (weight($"{name}.running_var") + 1e-5).sqrt() * weight($"{name}.weight")
        + weight($"{name}.bias");
}
