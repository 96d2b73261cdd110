using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Networks.Graphs;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Architectures.Backbones;

public sealed class FamilyTests : EngineTest
{
    // The architectures of these sizes are held against torchvision elsewhere.
    [Theory]
    [InlineData("resnet", "resnet18")]
    [InlineData("resnet", "resnext50_32x4d")]
    [InlineData("mobilenetv2", "mobilenet_v2")]
    [InlineData("regnet", "regnet_y_400mf")]
    [InlineData("convnext", "convnext_tiny")]
    public void A_family_of_any_size_is_the_network_of_a_known_one(string family, string known)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using StateDict tensors = RuleWeights.For(ArchitectureList.Find(known)!);
        using Graph any = ArchitectureChooser.Choose("w.pth", tensors, family).Build();
        using Graph one = ArchitectureChooser.Choose("w.pth", tensors, known).Build();

        torch.Tensor wanted = Run(one);
        Assert.InRange(((Run(any) - wanted).abs().max() / wanted.std()).item<float>(), 0, 1e-4);
    }

    [Theory]
    [InlineData("resnet18", "layer4.1.", "resnet")] // depths 2, 2, 2, 1
    [InlineData("regnet_x_400mf", "trunk_output.block4.block4-11.", "regnet")]
    [InlineData("convnext_tiny", "features.5.8.", "convnext")]
    public void A_network_without_its_last_block_is_one_of_the_family(string known, string block, string family)
    {
        using StateDict all = ArchitectureTensors.Of(ArchitectureList.Find(known)!);
        using StateDict tensors = new(
            [.. all.Tensors.Where(tensor => !tensor.Name.StartsWith(block, StringComparison.Ordinal))], "test");

        ArchitectureMatch match = ArchitectureChooser.Choose("w.pth", tensors, null);

        Assert.Equal((family, null), (match.Architecture.Name, match.Remark));
    }

    [Fact]
    public void MobileNet_v2_of_half_the_width_is_known()
    {
        using StateDict all = ArchitectureTensors.Of(ArchitectureList.Find("mobilenet_v2")!, channels: 6);
        using StateDict half = new(
            [.. all.Tensors.Select(tensor => tensor with { Shape = [.. tensor.Shape.Select(size => size is 1 or 3 or 10 ? size : size / 2)] })],
            "test");

        Assert.Equal("mobilenetv2", ArchitectureChooser.Choose("w.pth", half, null).Architecture.Name);
    }

    [Fact]
    public void Gates_and_the_stem_and_shortcuts_of_ResNet_D_are_read_off_the_keys()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Dictionary<string, StateTensor> weights = GatedResNetD().ToDictionary(tensor => tensor.Name);
        using StateDict tensors = new([.. weights.Values], "test");
        ArchitectureMatch match = ArchitectureChooser.Choose("seresnet14d.pth", tensors, null);
        using Graph graph = match.Build();

        torch.Tensor x = relu(Norm(Conv(RuleWeights.Image(64), "conv1.0", stride: 2), "conv1.1"));
        x = relu(Norm(Conv(x, "conv1.3"), "conv1.4"));
        x = max_pool2d(relu(Norm(Conv(x, "conv1.6"), "bn1")), 3, 2, 1);
        x = Block(x, "layer1.0", stride: 1);
        x = Block(x, "layer2.0", stride: 2);
        torch.Tensor wanted = torch.matmul(x.mean([2, 3]), Read("fc.weight").t()) + Read("fc.bias");

        Assert.Null(match.Remark);
        Assert.True(Run(graph, 64).allclose(wanted, rtol: 1e-4, atol: 1e-5));

        torch.Tensor Block(torch.Tensor input, string name, long stride)
        {
            torch.Tensor y = relu(Norm(Conv(input, $"{name}.conv1"), $"{name}.bn1"));
            y = relu(Norm(Conv(y, $"{name}.conv2", stride), $"{name}.bn2"));
            y = Norm(Conv(y, $"{name}.conv3"), $"{name}.bn3");
            torch.Tensor gate = relu(Conv(y.mean([2, 3], keepdim: true), $"{name}.se.fc1"));
            y *= Conv(gate, $"{name}.se.fc2").sigmoid();
            torch.Tensor mean = stride == 1 ? input : avg_pool2d(input, 2, stride, ceil_mode: true, count_include_pad: false);
            return relu(y + Norm(Conv(mean, $"{name}.downsample.1"), $"{name}.downsample.2"));
        }

        torch.Tensor Conv(torch.Tensor input, string name, long stride = 1)
        {
            torch.Tensor weight = Read($"{name}.weight");
            torch.Tensor? bias = weights.ContainsKey($"{name}.bias") ? Read($"{name}.bias") : null;
            return conv2d(input, weight, bias, [stride, stride], [weight.shape[2] / 2, weight.shape[2] / 2]);
        }

        torch.Tensor Norm(torch.Tensor input, string name) => batch_norm(
            input, Read($"{name}.running_mean"), Read($"{name}.running_var"), Read($"{name}.weight"), Read($"{name}.bias"));

        torch.Tensor Read(string key) => weights[key].Read();
    }

    [Fact]
    public void A_first_convolution_of_3_by_3_is_a_guess()
    {
        using StateDict all = ArchitectureTensors.Of(ArchitectureList.Find("resnet18")!, reshaped: [("conv1.weight", [64, 3, 3, 3])]);

        Assert.Contains("is a guess", ArchitectureChooser.Choose("w.pth", all, null).Remark, StringComparison.Ordinal);
    }

    private static torch.Tensor Run(Graph graph, int size = 64)
    {
        using var noGradients = torch.no_grad();
        return graph.SubGraph([graph.Outputs[0]]).RunAll(RuleWeights.Image(size), redirectGradients: false, CancellationToken.None)[0];
    }

    private static IEnumerable<StateTensor> GatedResNetD() =>
    [
        Weight("conv1.0", 6, 3, 3), .. Norm("conv1.1", 6), Weight("conv1.3", 6, 6, 3), .. Norm("conv1.4", 6), Weight("conv1.6", 8, 6, 3),
        .. Norm("bn1", 8), .. Block("layer1.0", 8, 16), .. Block("layer2.0", 16, 24), RuleWeights.Tensor("fc.weight", [5, 24], "weight"),
        RuleWeights.Tensor("fc.bias", [5], "bias"),
    ];

    private static IEnumerable<StateTensor> Block(string name, long inputs, long outputs) =>
    [
        Weight($"{name}.conv1", 4, inputs, 1), .. Norm($"{name}.bn1", 4), Weight($"{name}.conv2", 4, 4, 3), .. Norm($"{name}.bn2", 4),
        Weight($"{name}.conv3", outputs, 4, 1), .. Norm($"{name}.bn3", outputs), Weight($"{name}.se.fc1", 3, outputs, 1),
        RuleWeights.Tensor($"{name}.se.fc1.bias", [3], "bias"), Weight($"{name}.se.fc2", outputs, 3, 1),
        RuleWeights.Tensor($"{name}.se.fc2.bias", [outputs], "bias"), Weight($"{name}.downsample.1", outputs, inputs, 1),
        .. Norm($"{name}.downsample.2", outputs),
    ];

    private static StateTensor Weight(string name, long outputs, long inputs, long kernel) =>
        RuleWeights.Tensor($"{name}.weight", [outputs, inputs, kernel, kernel], "weight");

    private static IEnumerable<StateTensor> Norm(string name, long channels) =>
    [
        RuleWeights.Tensor($"{name}.weight", [channels], "norm_weight"), RuleWeights.Tensor($"{name}.bias", [channels], "bias"),
        RuleWeights.Tensor($"{name}.running_mean", [channels], "running_mean"),
        RuleWeights.Tensor($"{name}.running_var", [channels], "running_var"),
    ];
}
