using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Import.Architectures;

public sealed class ArchitectureTests : EngineTest
{
    /// <summary>The numbers of parameters that torchvision publishes with its weights.</summary>
    public static TheoryData<string, long> Parameters => new()
    {
        { "alexnet", 61100840 },
        { "vgg11", 132863336 },
        { "vgg11_bn", 132868840 },
        { "vgg13", 133047848 },
        { "vgg13_bn", 133053736 },
        { "vgg16", 138357544 },
        { "vgg16_bn", 138365992 },
        { "vgg19", 143667240 },
        { "vgg19_bn", 143678248 },
        { "resnet18", 11689512 },
        { "resnet34", 21797672 },
        { "resnet50", 25557032 },
        { "resnet101", 44549160 },
        { "resnet152", 60192808 },
        { "resnext50_32x4d", 25028904 },
        { "resnext101_32x8d", 88791336 },
        { "resnext101_64x4d", 83455272 },
        { "wide_resnet50_2", 68883240 },
        { "wide_resnet101_2", 126886696 },
        { "squeezenet1_0", 1248424 },
        { "squeezenet1_1", 1235496 },
        { "densenet121", 7978856 },
        { "densenet161", 28681000 },
        { "densenet169", 14149480 },
        { "densenet201", 20013928 },
        { "googlenet", 6624904 },
        { "inception_v3", 23834568 }, // without the auxiliary classifier
        { "mobilenet_v2", 3504872 },
        { "mobilenet_v3_large", 5483032 },
        { "mobilenet_v3_small", 2542856 },
        { "mnasnet0_5", 2218512 },
        { "mnasnet0_75", 3170208 },
        { "mnasnet1_0", 4383312 },
        { "mnasnet1_3", 6282256 },
        { "shufflenet_v2_x0_5", 1366792 },
        { "shufflenet_v2_x1_0", 2278604 },
        { "shufflenet_v2_x1_5", 3503624 },
        { "shufflenet_v2_x2_0", 7393996 },
        { "efficientnet_b0", 5288548 },
        { "efficientnet_b1", 7794184 },
        { "efficientnet_b2", 9109994 },
        { "efficientnet_b3", 12233232 },
        { "efficientnet_b4", 19341616 },
        { "efficientnet_b5", 30389784 },
        { "efficientnet_b6", 43040704 },
        { "efficientnet_b7", 66347960 },
        { "efficientnet_v2_s", 21458488 },
        { "efficientnet_v2_m", 54139356 },
        { "efficientnet_v2_l", 118515272 },
        { "regnet_x_400mf", 5495976 },
        { "regnet_x_800mf", 7259656 },
        { "regnet_x_1_6gf", 9190136 },
        { "regnet_x_3_2gf", 15296552 },
        { "regnet_x_8gf", 39572648 },
        { "regnet_x_16gf", 54278536 },
        { "regnet_x_32gf", 107811560 },
        { "regnet_y_400mf", 4344144 },
        { "regnet_y_800mf", 6432512 },
        { "regnet_y_1_6gf", 11202430 },
        { "regnet_y_3_2gf", 19436338 },
        { "regnet_y_8gf", 39381472 },
        { "regnet_y_16gf", 83590140 },
        { "regnet_y_32gf", 145046770 },
        { "regnet_y_128gf", 644812894 },
        { "convnext_tiny", 28589128 },
        { "convnext_small", 50223688 },
        { "convnext_base", 88591464 },
        { "convnext_large", 197767336 },
    };

    [Theory]
    [MemberData(nameof(Parameters))]
    public void An_architecture_has_as_many_parameters_as_torchvisions(string name, long parameters) =>
        Assert.Equal(parameters, Trained(name, classes: 1000));

    [Theory]
    [InlineData("resnet20", 269722)]
    [InlineData("resnet32", 464154)]
    [InlineData("resnet44", 658586)]
    [InlineData("resnet56", 853018)]
    [InlineData("resnet110", 1727962)]
    public void A_CIFAR_ResNet_has_as_many_parameters_as_the_papers(string name, long parameters) =>
        Assert.Equal(parameters, Trained(name, classes: 10));

    [Fact]
    public void The_changelog_counts_them() => Assert.Contains(
        $"for {ArchitectureList.All.Count} architectures",
        File.ReadAllText(Path.Combine(TestFiles.Root, "CHANGELOG.md")),
        StringComparison.Ordinal);

    [Fact]
    public void Every_architecture_is_found_by_its_keys_and_shapes() => Assert.All(ArchitectureList.All, architecture =>
    {
        using StateDict tensors = ArchitectureTensors.Of(architecture, classes: 7, channels: 4);

        ArchitectureMatch match = ArchitectureChooser.Choose("weights.pth", tensors, null);

        Assert.Equal((architecture.Name, 4), (match.Architecture.Name, match.ImageChannels));
    });

    [Fact]
    public void All_architectures_are_listed_in_the_help()
    {
        string page = File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "about_CnnViz_Models.md"));

        // A family of many sizes is listed by its ends.
        Assert.All(
            ArchitectureList.All.Select(architecture => architecture.Name.Split('_')[0]).Distinct(),
            family => Assert.Contains(family, page, StringComparison.Ordinal));
    }

    [Fact]
    public void What_serves_training_alone_does_not_count()
    {
        Architecture architecture = ArchitectureList.Find("googlenet")!;
        using StateDict tensors = ArchitectureTensors.Of(architecture, extra:
        [
            ("aux1.fc1.weight", [1024, 2048]), ("aux2.conv.bn.running_var", [128]), ("conv1.bn.num_batches_tracked", []),
        ]);

        Assert.Equal("googlenet", ArchitectureChooser.Choose("weights.pth", tensors, null).Architecture.Name);
    }

    [Fact]
    public void What_does_not_fit_is_listed()
    {
        using StateDict tensors = ArchitectureTensors.Of(
            ArchitectureList.Find("resnet18")!,
            extra: [("head.weight", [9])],
            without: ["bn1.bias", "fc.weight"],
            reshaped: [("conv1.weight", [64, 3, 3, 3])]);

        var exception = Assert.Throws<ModelFormatException>(() => ArchitectureChooser.Choose("weights.pth", tensors, "ResNet18"));

        Assert.Equal("ArchitectureMismatch", exception.ErrorId);
        Assert.Equal(
            "The weights of 'weights.pth' are not those of resnet18: missing: 'bn1.bias', 'fc.weight'; "
            + "of another shape: 'conv1.weight' (64×3×3×3 instead of 64×?×7×7); unexpected: 'head.weight'.",
            exception.Message);
    }

    [Fact]
    public void Long_lists_are_cut()
    {
        using StateDict none = new();

        var exception = Assert.Throws<ModelFormatException>(() => ArchitectureChooser.Choose("weights.pth", none, "vgg11"));

        Assert.Contains("'features.6.weight', and 17 more.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_no_known_network_name_the_nearest()
    {
        using StateDict tensors = ArchitectureTensors.Of(ArchitectureList.Find("vgg13_bn")!, extra: [("extra", [1])]);

        ArchitectureMatch match = ArchitectureChooser.Choose("weights.pth", tensors, null);

        Assert.Contains("Nearest is vgg13_bn: unexpected: 'extra'.", match.Architecture.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_like_nothing_known_name_none()
    {
        using var tensors = new StateDict(("kernel", torch.ones(3)));

        var exception = Assert.Throws<ModelFormatException>(() => ArchitectureChooser.Choose("weights.pth", tensors, null));

        Assert.DoesNotContain("Nearest", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_gets_the_nearest_ones()
    {
        using StateDict none = new();

        var exception = Assert.Throws<CnnVizException>(() => ArchitectureChooser.Choose("weights.pth", none, "resnet51"));

        Assert.Equal("ArchitectureUnknown", exception.ErrorId);
        Assert.Contains("'resnet50'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_numbers_are_no_weights()
    {
        Architecture architecture = ArchitectureList.Find("squeezenet1_1")!;
        using StateDict tensors = ArchitectureTensors.Of(architecture, type: torch.ScalarType.Int8);

        Assert.Equal(architecture.Name, Assert.Throws<ModelFormatException>(() =>
            ArchitectureChooser.Choose("weights.pth", tensors, null)).Message.Split("Nearest is ")[1].Split(':')[0]);
    }

    [Theory]
    [InlineData(torch.ScalarType.Float16)]
    [InlineData(torch.ScalarType.BFloat16)]
    [InlineData(torch.ScalarType.Float64)]
    public void Weights_of_any_precision_become_single(torch.ScalarType type)
    {
        Architecture architecture = ArchitectureList.Find("resnet20")!;
        using StateDict tensors = ArchitectureTensors.Of(architecture, type: type);

        using Graph graph = new ArchitectureMatch(architecture, tensors).Build();

        Assert.All(graph.Nodes.SelectMany(node => node.Operator.Weights), weight => Assert.Equal(torch.ScalarType.Float32, weight.dtype));
    }

    private static long Trained(string name, int classes)
    {
        Architecture architecture = ArchitectureList.Find(name)!;
        using StateDict tensors = ArchitectureTensors.Of(architecture, classes);
        return new ArchitectureMatch(architecture, tensors).Expected
            .Where(tensor => !tensor.Key.Contains(".running_", StringComparison.Ordinal))
            .Sum(tensor => tensor.Found!.Shape.Aggregate(1L, (product, size) => product * size));
    }
}
