using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures.Faces;

/// <summary>The ResNet of ArcFace (Deng et al. 2019), which gives an embedding of a face, under the names of insightface's arcface_torch.</summary>
internal static class IResNet
{
    private const long Features = 512;

    public static IEnumerable<Architecture> All { get; } =
    [
        Of("iresnet18", [2, 2, 2, 2]), Of("iresnet34", [3, 4, 6, 3]), Of("iresnet50", [3, 4, 14, 3]), Of("iresnet100", [3, 13, 30, 3]),
    ];

    private static Architecture Of(string name, int[] depths) => new(name, net => Describe(net, depths))
    {
        InputSize = 112,
        Preprocessing = Preprocessing.Symmetric with { Source = PreprocessingSource.Convention },
    };

    private static Value Describe(TorchNetwork net, int[] depths)
    {
        Value x = net.PReLU("prelu", net.BatchNorm2d("bn1", net.Conv2d("conv1", net.Image, 64, kernel: 3, padding: 1)));
        for (int stage = 0; stage < depths.Length; stage++)
        {
            for (int i = 0; i < depths[stage]; i++)
            {
                x = Block(net, $"layer{stage + 1}.{i}", x, 64L << stage, stride: i == 0 ? 2 : 1);
            }
        }

        return net.Head(x, maps => Embed(net, maps));
    }

    private static Value Embed(TorchNetwork net, Value maps)
    {
        Value x = net.Flatten("flatten", net.BatchNorm2d("bn2", maps), positions: 49);
        return net.BatchNorm2d("features", net.Linear("fc", x, Features));
    }

    private static Value Block(TorchNetwork net, string name, Value input, long channels, long stride)
    {
        Value x = net.Conv2d($"{name}.conv1", net.BatchNorm2d($"{name}.bn1", input), channels, kernel: 3, padding: 1);
        x = net.PReLU($"{name}.prelu", net.BatchNorm2d($"{name}.bn2", x));
        x = net.BatchNorm2d($"{name}.bn3", net.Conv2d($"{name}.conv2", x, channels, kernel: 3, stride, padding: 1));
        Value shortcut = stride == 1 ? input : net.ConvNormActivation($"{name}.downsample", input, channels, kernel: 1, stride: stride);
        return net.Add($"{name}.add", x, shortcut);
    }
}
