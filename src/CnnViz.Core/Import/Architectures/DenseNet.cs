using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>DenseNet-BC (Huang et al. 2017): each layer sees what all layers before it in its block made.</summary>
internal static class DenseNet
{
    // The published weights are from the time when names of modules might have dots.
    private static readonly KeyLayout s_dotted = KeyLayout.Of(
        "old torchvision", (@"^(.*\.denselayer\d+\.(?:norm|conv))\.([12]\..*)$", match => $"{match.Groups[1]}{match.Groups[2]}"));

    public static IEnumerable<Architecture> All { get; } =
    [
        Of("densenet121", [6, 12, 24, 16]),
        Of("densenet161", [6, 12, 36, 24], growth: 48),
        Of("densenet169", [6, 12, 32, 32]),
        Of("densenet201", [6, 12, 48, 32]),
    ];

    private static Architecture Of(string name, int[] depths, long growth = 32) =>
        new(name, net => Describe(net, depths, growth)) { Layouts = [s_dotted] };

    private static Value Describe(TorchNetwork net, int[] depths, long growth)
    {
        Value x = net.Conv2d("features.conv0", net.Image, 2 * growth, kernel: 7, stride: 2, padding: 3);
        x = net.ReLU("features.relu0", net.BatchNorm2d("features.norm0", x));
        x = net.MaxPool2d("features.pool0", x, Windows.Square(3, stride: 2, padding: 1));
        for (int block = 0; block < depths.Length; block++)
        {
            x = block == 0 ? x : Transition(net, $"features.transition{block}", x);
            string name = $"features.denseblock{block + 1}";
            for (int i = 0; i < depths[block]; i++)
            {
                x = net.Concat($"{name}.cat", x, DenseLayer(net, $"{name}.denselayer{i + 1}", x, growth));
            }
        }

        x = net.ReLU("relu", net.BatchNorm2d("features.norm5", x));
        return net.PooledLinear(x, "adaptive_avg_pool2d", "classifier");
    }

    private static Value DenseLayer(TorchNetwork net, string name, Value input, long growth)
    {
        Value x = net.ReLU($"{name}.relu1", net.BatchNorm2d($"{name}.norm1", input));
        x = net.Conv2d($"{name}.conv1", x, 4 * growth, kernel: 1);
        x = net.ReLU($"{name}.relu2", net.BatchNorm2d($"{name}.norm2", x));
        return net.Conv2d($"{name}.conv2", x, growth, kernel: 3, padding: 1);
    }

    private static Value Transition(TorchNetwork net, string name, Value input)
    {
        Value x = net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.norm", input));
        x = net.Conv2d($"{name}.conv", x, input.Channels!.Value / 2, kernel: 1);
        return net.AvgPool2d($"{name}.pool", x, Windows.Square(2, stride: 2), countPadding: true);
    }
}
