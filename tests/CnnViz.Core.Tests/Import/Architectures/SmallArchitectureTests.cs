using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Tests.Import.Drafts;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Architectures;

/// <summary>Networks of tutorials, for CIFAR, and MTCNN, held against forward passes as their authors wrote them.</summary>
public sealed class SmallArchitectureTests : EngineTest
{
    private static readonly Dictionary<string, Func<torch.Tensor, StateDict, torch.Tensor>> s_forwards = new()
    {
        ["mnist_example"] = (x, net) =>
        {
            x = relu(relu(x.Conv(net, "conv1")).Conv(net, "conv2")).Pool().flatten(1);
            return log_softmax(relu(x.Dense(net, "fc1")).Dense(net, "fc2"), 1);
        },
        ["mnist_example_2017"] = (x, net) =>
        {
            x = relu(relu(x.Conv(net, "conv1").Pool()).Conv(net, "conv2").Pool()).flatten(1);
            return relu(x.Dense(net, "fc1")).Dense(net, "fc2");
        },
        ["cifar_tutorial"] = (x, net) =>
        {
            x = relu(relu(x.Conv(net, "conv1")).Pool().Conv(net, "conv2")).Pool().flatten(1);
            return relu(relu(x.Dense(net, "fc1")).Dense(net, "fc2")).Dense(net, "fc3");
        },
        ["d2l_lenet"] = (x, net) =>
        {
            x = avg_pool2d(x.Conv(net, "0", padding: 2).sigmoid(), 2);
            x = avg_pool2d(x.Conv(net, "3").sigmoid(), 2).flatten(1);
            return x.Dense(net, "7").sigmoid().Dense(net, "9").sigmoid().Dense(net, "11");
        },
        ["mtcnn_onet"] = (x, net) =>
        {
            x = Slope(x.Conv(net, "conv1"), net, 1);
            x = Slope(max_pool2d(x, 3, 2, ceil_mode: true).Conv(net, "conv2"), net, 2);
            x = Slope(max_pool2d(x, 3, 2, ceil_mode: true).Conv(net, "conv3"), net, 3);
            x = Slope(max_pool2d(x, 2, 2, ceil_mode: true).Conv(net, "conv4"), net, 4);
            x = x.permute(0, 3, 2, 1).flatten(1).Dense(net, "dense5");
            x = torch.where(x > 0, x, x * net.Get("prelu5.weight"));
            return softmax(x.Dense(net, "dense6_1"), 1);
        },
        ["cifar_resnet18"] = (x, net) =>
        {
            x = relu(x.Conv(net, "conv1", padding: 1).Norm(net, "bn1"));
            foreach ((string name, long stride) in Blocks(2, 2, 2, 2))
            {
                torch.Tensor y = relu(x.Conv(net, $"{name}.conv1", stride, 1).Norm(net, $"{name}.bn1"));
                y = y.Conv(net, $"{name}.conv2", 1, 1).Norm(net, $"{name}.bn2");
                x = relu(y + (stride == 1 ? x : x.Conv(net, $"{name}.shortcut.0", stride).Norm(net, $"{name}.shortcut.1")));
            }

            return avg_pool2d(x, 4).flatten(1).Dense(net, "linear");
        },
        ["cifar_preact_resnet18"] = (x, net) =>
        {
            x = x.Conv(net, "conv1", padding: 1);
            foreach ((string name, long stride) in Blocks(2, 2, 2, 2))
            {
                torch.Tensor first = relu(x.Norm(net, $"{name}.bn1"));
                torch.Tensor y = first.Conv(net, $"{name}.conv1", stride, 1);
                y = relu(y.Norm(net, $"{name}.bn2")).Conv(net, $"{name}.conv2", 1, 1);
                x = y + (stride == 1 ? x : first.Conv(net, $"{name}.shortcut.0", stride));
            }

            return avg_pool2d(x, 4).flatten(1).Dense(net, "linear");
        },
        ["cifar_senet18"] = (x, net) =>
        {
            x = relu(x.Conv(net, "conv1", padding: 1).Norm(net, "bn1"));
            foreach ((string name, long stride) in Blocks(2, 2, 2, 2))
            {
                torch.Tensor first = relu(x.Norm(net, $"{name}.bn1"));
                torch.Tensor y = first.Conv(net, $"{name}.conv1", stride, 1);
                y = relu(y.Norm(net, $"{name}.bn2")).Conv(net, $"{name}.conv2", 1, 1);
                torch.Tensor w = relu(y.mean([2, 3], keepdim: true).Conv(net, $"{name}.fc1")).Conv(net, $"{name}.fc2").sigmoid();
                x = y * w + (stride == 1 ? x : first.Conv(net, $"{name}.shortcut.0", stride));
            }

            return avg_pool2d(x, 4).flatten(1).Dense(net, "linear");
        },
        ["cifar_densenet"] = (x, net) =>
        {
            x = x.Conv(net, "conv1", padding: 1);
            foreach ((int stage, int depth) in new[] { (1, 6), (2, 12), (3, 24), (4, 16) })
            {
                for (int i = 0; i < depth; i++)
                {
                    torch.Tensor y = relu(x.Norm(net, $"dense{stage}.{i}.bn1")).Conv(net, $"dense{stage}.{i}.conv1");
                    y = relu(y.Norm(net, $"dense{stage}.{i}.bn2")).Conv(net, $"dense{stage}.{i}.conv2", padding: 1);
                    x = torch.cat([y, x], 1);
                }

                x = stage < 4 ? avg_pool2d(relu(x.Norm(net, $"trans{stage}.bn")).Conv(net, $"trans{stage}.conv"), 2) : x;
            }

            return avg_pool2d(relu(x.Norm(net, "bn")), 4).flatten(1).Dense(net, "linear");
        },
        ["cifar_mobilenet_v2"] = (x, net) =>
        {
            x = relu(x.Conv(net, "conv1", padding: 1).Norm(net, "bn1"));
            int place = 0;
            foreach ((int channels, int depth, int first) in new[] { (16, 1, 1), (24, 2, 1), (32, 3, 2), (64, 4, 2), (96, 3, 1), (160, 3, 2), (320, 1, 1) })
            {
                for (int i = 0; i < depth; i++)
                {
                    string name = $"layers.{place++}";
                    long stride = i == 0 ? first : 1;
                    torch.Tensor y = relu(x.Conv(net, $"{name}.conv1").Norm(net, $"{name}.bn1"));
                    y = relu(y.Conv(net, $"{name}.conv2", stride, 1, y.shape[1]).Norm(net, $"{name}.bn2"));
                    y = y.Conv(net, $"{name}.conv3").Norm(net, $"{name}.bn3");
                    x = stride == 2 ? y : y + (x.shape[1] == channels ? x : x.Conv(net, $"{name}.shortcut.0").Norm(net, $"{name}.shortcut.1"));
                }
            }

            return avg_pool2d(relu(x.Conv(net, "conv2").Norm(net, "bn2")), 4).flatten(1).Dense(net, "linear");
        },
    };

    public static TheoryData<string> Names => new(s_forwards.Keys);

    /// <summary>The numbers of parameters that the repository's models have with ten classes.</summary>
    public static TheoryData<string, long> Parameters => new()
    {
        { "mnist_example", 1199882 },
        { "cifar_tutorial", 62006 },
        { "cifar_vgg16", 14728266 },
        { "cifar_resnet18", 11173962 },
        { "cifar_resnet50", 23520842 },
        { "cifar_preact_resnet18", 11171146 },
        { "cifar_googlenet", 6166250 },
        { "cifar_densenet121", 6956298 },
        { "cifar_resnext29_2x64d", 9128778 },
        { "cifar_resnext29_32x4d", 4774218 },
        { "cifar_mobilenet", 3217226 },
        { "cifar_mobilenet_v2", 2296922 },
        { "cifar_senet18", 11260354 },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_does_what_its_authors_wrote(string name)
    {
        Architecture architecture = ArchitectureList.Find(name)!;
        using StateDict tensors = RuleWeights.For(architecture);
        ArchitectureMatch match = ArchitectureChooser.Choose("x.pth", tensors, null);
        Assert.Equal(name, match.Architecture.Name);
        using torch.Tensor image = torch.rand(2, match.ImageChannels, architecture.InputSize, architecture.InputSize);

        using Graph graph = match.Build();
        using torch.Tensor actual = graph.SubGraph(graph.Outputs[0]).Run(image);

        torch.Tensor expected = s_forwards[name](image, tensors);
        Assert.Equal(expected.shape, actual.shape);
        float largest = expected.abs().max().item<float>();
        Assert.All(expected.ToFloats().Zip(actual.ToFloats()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * Math.Max(1, largest)));
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void A_network_has_as_many_parameters_as_its_authors(string name, long parameters)
    {
        Architecture architecture = ArchitectureList.Find(name)!;
        using StateDict tensors = ArchitectureTensors.Of(architecture, channels: name.StartsWith("mnist", StringComparison.Ordinal) ? 1 : 3);

        Assert.Equal(parameters, new ArchitectureMatch(architecture, tensors).Expected
            .Where(tensor => !tensor.Key.Contains(".running_", StringComparison.Ordinal))
            .Sum(tensor => tensor.Found!.Shape.Aggregate(1L, (product, size) => product * size)));
    }

    private static IEnumerable<(string Name, long Stride)> Blocks(params int[] depths) => depths.SelectMany((depth, stage) =>
        Enumerable.Range(0, depth).Select(i => ($"layer{stage + 1}.{i}", stage > 0 && i == 0 ? 2L : 1)));

    private static torch.Tensor Slope(torch.Tensor x, StateDict net, int number) => prelu(x, net.Get($"prelu{number}.weight"));
}
