using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>VGG (Simonyan, Zisserman 2015): five stages of 3×3 convolutions, with and without batch normalization.</summary>
internal static class Vgg
{
    private static readonly long[] s_channels = [64, 128, 256, 512, 512];

    private static readonly (string Name, int[] Depths)[] s_sizes =
    [
        ("vgg11", [1, 1, 2, 2, 2]),
        ("vgg13", [2, 2, 2, 2, 2]),
        ("vgg16", [2, 2, 3, 3, 3]),
        ("vgg19", [2, 2, 4, 4, 4]),
    ];

    public static IEnumerable<Architecture> All => s_sizes.SelectMany(size => new Architecture[]
    {
        new(size.Name, net => Describe(net, size.Depths, norm: false)),
        new($"{size.Name}_bn", net => Describe(net, size.Depths, norm: true)),
    });

    private static Value Describe(TorchNetwork net, int[] depths, bool norm)
    {
        Value x = net.Image;
        int place = 0;
        for (int stage = 0; stage < depths.Length; stage++)
        {
            for (int i = 0; i < depths[stage]; i++)
            {
                x = net.Conv2d($"features.{place++}", x, s_channels[stage], kernel: 3, padding: 1, bias: true);
                x = norm ? net.BatchNorm2d($"features.{place++}", x) : x;
                x = net.ReLU($"features.{place++}", x);
            }

            x = net.MaxPool2d($"features.{place++}", x, Windows.Square(2, stride: 2));
        }

        return net.Head(x, maps => Classify(net, maps));
    }

    private static Value Classify(TorchNetwork net, Value maps)
    {
        if (net.Has("pre_logits.fc1.weight"))
        {
            return ClassifyAsTimm(net, maps);
        }

        Value x = net.Flatten("flatten", net.AdaptiveAvgPool2d("avgpool", maps, 7, 7), positions: 49);
        x = net.ReLU("classifier.1", net.Linear("classifier.0", x, 4096));
        x = net.ReLU("classifier.4", net.Linear("classifier.3", x, 4096));
        return net.Linear("classifier.6", x);
    }

    // timm has the first two dense layers as convolutions, whose width the file decides, and a mean behind them.
    private static Value ClassifyAsTimm(TorchNetwork net, Value maps)
    {
        Value x = net.ReLU("pre_logits.act1", net.Conv2d("pre_logits.fc1", maps, net.SizeOf("pre_logits.fc1.weight"), kernel: 7, bias: true));
        x = net.ReLU("pre_logits.act2", net.Conv2d("pre_logits.fc2", x, net.SizeOf("pre_logits.fc2.weight"), kernel: 1, bias: true));
        return net.Linear("head.fc", net.Flatten("head.flatten", net.GlobalAvgPool2d("head.global_pool", x), positions: 1));
    }
}
