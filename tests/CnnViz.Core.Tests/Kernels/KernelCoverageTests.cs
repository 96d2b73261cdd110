using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Networks.Graphs;
using CnnViz.Tests.Import.Architectures;
using TorchSharp;

namespace CnnViz.Tests.Kernels;

/// <summary>The known architectures run on kernels, and give what libtorch gives.</summary>
public sealed class KernelCoverageTests : EngineTest
{
    // Gradients have come through some hundred operations, each rounded in its own way.
    private const double Tolerance = 2e-3;

    // What is left to libtorch; docs/performance.md has the list.
    private static readonly Dictionary<string, string> s_left = new()
    {
        ["mtcnn_onet"] = "Permute permute, Flatten flatten, Linear dense5, PReLU prelu5, Linear dense6_1, Softmax softmax6_1",
        ["mtcnn_rnet"] = "Permute permute, Flatten flatten, Linear dense4, PReLU prelu4, Linear dense5_1, Softmax softmax5_1",
    };

    // So large that kernels would take more memory for them than all of the rest.
    private const string DenseLayersOfVgg = "Linear classifier.0, ReLU classifier.1, Linear classifier.3, ReLU classifier.4, Linear classifier.6";

    public static TheoryData<string> All => [.. ArchitectureList.All.Select(architecture => architecture.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_left_to_libtorch(string name)
    {
        Architecture architecture = ArchitectureList.Find(name)!;
        using DisposeScope scope = torch.NewDisposeScope();
        using StateDict weights = Empty(architecture);
        using Graph graph = new ArchitectureMatch(architecture, weights).Build();
        long channels = weights.Tensors.First(tensor => tensor.Shape.Count == 4).Shape[1];
        torch.Tensor image = torch.zeros(1, channels, architecture.InputSize, architecture.InputSize);

        Assert.Equal(
            name.StartsWith("vgg", StringComparison.Ordinal) ? DenseLayersOfVgg : s_left.GetValueOrDefault(name, ""),
            string.Join(", ", graph.SubGraph(graph.Nodes.Count - 1).LeftToLibtorch(image)
                .Select(node => $"{graph.Nodes[node].Operator.Kind} {graph.Nodes[node].Name}")));
    }

    [Theory]
    [InlineData("mobilenet_v2")]
    [InlineData("mobilenet_v3_small")]
    [InlineData("mnasnet0_5")]
    [InlineData("shufflenet_v2_x0_5")]
    [InlineData("efficientnet_b0")]
    [InlineData("regnet_y_400mf")]
    [InlineData("convnext_tiny")]
    [InlineData("densenet121")]
    [InlineData("cifar_senet18")]
    public void Whole_networks_give_what_libtorch_gives(string name)
    {
        Architecture architecture = ArchitectureList.Find(name)!;
        using DisposeScope scope = torch.NewDisposeScope();
        using StateDict weights = RuleWeights.For(architecture);
        using Graph graph = new ArchitectureMatch(architecture, weights).Build();
        torch.Tensor image = RuleWeights.Image(64);
        (torch.Tensor expected, torch.Tensor expectedGradient) = Run(graph, image, usesKernels: false);
        (torch.Tensor actual, torch.Tensor gradient) = Run(graph, image, usesKernels: true);

        AssertClose(expected, actual);
        AssertClose(expectedGradient, gradient);
    }

    private static (torch.Tensor Output, torch.Tensor Gradient) Run(Graph graph, torch.Tensor image, bool usesKernels)
    {
        torch.Tensor input = image.detach().clone().requires_grad_();
        torch.Tensor output = new SubGraph(graph, [graph.Nodes.Count - 1]) { UsesKernels = usesKernels }.Run(input);
        torch.Tensor weighting = torch.linspace(-1, 1, output.numel()).reshape(output.shape);
        return (output.detach(), torch.autograd.grad([(output * weighting).sum()], [input])[0]);
    }

    private static void AssertClose(torch.Tensor expected, torch.Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        double error = ((expected - actual).norm() / expected.norm()).ToDouble();
        Assert.True(error <= Tolerance, $"{error:g3}");
    }

    // Weights of one value, which take no memory.
    private static StateDict Empty(Architecture architecture)
    {
        using StateDict none = new();
        return new StateDict(
            [.. new ArchitectureMatch(architecture, none).Expected.Select(tensor =>
            {
                long[] shape = [.. tensor.Shape.Select((size, dimension) => size ?? (dimension == 0 ? 10 : 3))];
                return new StateTensor(tensor.Key, torch.ScalarType.Float32, shape, () => torch.ones([]).expand(shape));
            })],
            "test");
    }
}
