using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>Networks for the 32 pixels of CIFAR-10, as in kuangliu/pytorch-cifar: VGG, GoogLeNet, DenseNet, MobileNet, MobileNet v2.</summary>
internal static class CifarNetworks
{
    private static readonly (string Name, int[] Depths)[] s_vgg =
        [("11", [1, 1, 2, 2, 2]), ("13", [2, 2, 2, 2, 2]), ("16", [2, 2, 3, 3, 3]), ("19", [2, 2, 4, 4, 4])];

    private static readonly (string Name, long Growth, int[] Depths)[] s_dense =
    [
        ("densenet121", 32, [6, 12, 24, 16]), ("densenet169", 32, [6, 12, 32, 32]), ("densenet201", 32, [6, 12, 48, 32]),
        ("densenet161", 48, [6, 12, 36, 24]), ("densenet", 12, [6, 12, 24, 16]),
    ];

    private static readonly (long Expansion, long Channels, int Depth, long Stride)[] s_inverted =
        [(1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    /// <summary>Mean and standard deviation of CIFAR-10's training pictures, as that repository has them.</summary>
    public static Preprocessing Preprocessing { get; } = new()
    {
        Name = "CIFAR10",
        Mean = [0.4914f, 0.4822f, 0.4465f],
        Std = [0.2023f, 0.1994f, 0.2010f],
        Source = PreprocessingSource.Convention,
    };

    public static IEnumerable<Architecture> All =>
    [
        .. s_vgg.Select(size => Of($"cifar_vgg{size.Name}", net => Vgg(net, size.Depths))),
        Of("cifar_googlenet", GoogLeNet),
        .. s_dense.Select(size => Of($"cifar_{size.Name}", net => DenseNet(net, size.Growth, size.Depths))),
        Of("cifar_mobilenet", MobileNet),
        Of("cifar_mobilenet_v2", MobileNetV2),
    ];

    /// <summary>A network for CIFAR.</summary>
    public static Architecture Of(string name, Func<TorchNetwork, Value> describe) =>
        new(name, describe) { InputSize = 32, Preprocessing = Preprocessing };

    /// <summary>The mean of each channel, and a dense layer called linear.</summary>
    public static Value Classify(TorchNetwork net, Value input) => net.PooledLinear(input, "avg_pool2d", "linear");

    private static Value Vgg(TorchNetwork net, int[] depths)
    {
        Value x = net.Image;
        int place = 0;
        for (int stage = 0; stage < depths.Length; stage++)
        {
            for (int i = 0; i < depths[stage]; i++)
            {
                x = net.Conv2d($"features.{place++}", x, Math.Min(512, 64L << stage), kernel: 3, padding: 1, bias: true);
                x = net.ReLU($"features.{place + 1}", net.BatchNorm2d($"features.{place}", x));
                place += 2;
            }

            x = net.MaxPool2d($"features.{place++}", x, Windows.Square(2, stride: 2));
        }

        return net.PooledLinear(x, $"features.{place}", "classifier");
    }

    private static Value GoogLeNet(TorchNetwork net)
    {
        Value x = Step(net, "pre_layers", 0, net.Image, 192, 3);
        x = Inception(net, "a3", x, 64, 96, 128, 16, 32, 32);
        x = Inception(net, "b3", x, 128, 128, 192, 32, 96, 64);
        x = net.MaxPool2d("maxpool", x, Windows.Square(3, stride: 2, padding: 1));
        x = Inception(net, "a4", x, 192, 96, 208, 16, 48, 64);
        x = Inception(net, "b4", x, 160, 112, 224, 24, 64, 64);
        x = Inception(net, "c4", x, 128, 128, 256, 24, 64, 64);
        x = Inception(net, "d4", x, 112, 144, 288, 32, 64, 64);
        x = Inception(net, "e4", x, 256, 160, 320, 32, 128, 128);
        x = net.MaxPool2d("maxpool", x, Windows.Square(3, stride: 2, padding: 1));
        x = Inception(net, "a5", x, 256, 160, 320, 32, 128, 128);
        x = Inception(net, "b5", x, 384, 192, 384, 48, 128, 128);
        return net.PooledLinear(x, "avgpool", "linear");
    }

    private static Value Inception(
        TorchNetwork net, string name, Value input, long one, long threeIn, long three, long fiveIn, long five, long pool)
    {
        Value first = Step(net, $"{name}.b1", 0, input, one, 1);
        Value second = Step(net, $"{name}.b2", 3, Step(net, $"{name}.b2", 0, input, threeIn, 1), three, 3);
        Value third = Step(net, $"{name}.b3", 3, Step(net, $"{name}.b3", 0, input, fiveIn, 1), five, 3);
        third = Step(net, $"{name}.b3", 6, third, five, 3);
        Value fourth = net.MaxPool2d($"{name}.b4.0", input, Windows.Square(3, stride: 1, padding: 1));
        fourth = Step(net, $"{name}.b4", 1, fourth, pool, 1);
        return net.Concat($"{name}.cat", first, second, third, fourth);
    }

    private static Value Step(TorchNetwork net, string name, int place, Value input, long channels, long kernel)
    {
        Value x = net.Conv2d($"{name}.{place}", input, channels, kernel, padding: kernel / 2, bias: true);
        return net.ReLU($"{name}.{place + 2}", net.BatchNorm2d($"{name}.{place + 1}", x));
    }

    private static Value DenseNet(TorchNetwork net, long growth, int[] depths)
    {
        Value x = net.Conv2d("conv1", net.Image, 2 * growth, kernel: 3, padding: 1);
        for (int stage = 0; stage < depths.Length; stage++)
        {
            for (int i = 0; i < depths[stage]; i++)
            {
                string name = $"dense{stage + 1}.{i}";
                Value y = net.Conv2d($"{name}.conv1", Normed(net, name, "bn1", x), 4 * growth, kernel: 1);
                y = net.Conv2d($"{name}.conv2", Normed(net, name, "bn2", y), growth, kernel: 3, padding: 1);
                x = net.Concat($"{name}.cat", y, x);
            }

            if (stage < depths.Length - 1)
            {
                string name = $"trans{stage + 1}";
                x = net.Conv2d($"{name}.conv", Normed(net, name, "bn", x), x.Channels!.Value / 2, kernel: 1);
                x = net.AvgPool2d($"{name}.avg_pool2d", x, Windows.Square(2, stride: 2), countPadding: true);
            }
        }

        return Classify(net, net.ReLU("relu", net.BatchNorm2d("bn", x)));
    }

    private static Value Normed(TorchNetwork net, string block, string norm, Value input) =>
        net.ReLU($"{block}.relu", net.BatchNorm2d($"{block}.{norm}", input));

    private static Value MobileNet(TorchNetwork net)
    {
        (long Channels, long Stride)[] blocks =
        [
            (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
        ];
        Value x = net.ReLU("relu", net.BatchNorm2d("bn1", net.Conv2d("conv1", net.Image, 32, kernel: 3, padding: 1)));
        for (int i = 0; i < blocks.Length; i++)
        {
            string name = $"layers.{i}";
            x = net.Conv2d($"{name}.conv1", x, x.Channels!.Value, kernel: 3, blocks[i].Stride, padding: 1, groups: x.Channels!.Value);
            x = net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn1", x));
            x = net.Conv2d($"{name}.conv2", x, blocks[i].Channels, kernel: 1);
            x = net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn2", x));
        }

        return Classify(net, x);
    }

    private static Value MobileNetV2(TorchNetwork net)
    {
        Value x = net.ReLU("relu", net.BatchNorm2d("bn1", net.Conv2d("conv1", net.Image, 32, kernel: 3, padding: 1)));
        int place = 0;
        foreach ((long expansion, long channels, int depth, long stride) in s_inverted)
        {
            for (int i = 0; i < depth; i++)
            {
                x = InvertedResidual(net, $"layers.{place++}", x, expansion, channels, i == 0 ? stride : 1);
            }
        }

        x = net.ReLU("relu", net.BatchNorm2d("bn2", net.Conv2d("conv2", x, 1280, kernel: 1)));
        return Classify(net, x);
    }

    // The shortcut has weights where the number of channels changes.
    private static Value InvertedResidual(TorchNetwork net, string name, Value input, long expansion, long channels, long stride)
    {
        long inner = expansion * input.Channels!.Value;
        Value x = net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn1", net.Conv2d($"{name}.conv1", input, inner, kernel: 1)));
        x = net.Conv2d($"{name}.conv2", x, inner, kernel: 3, stride, padding: 1, groups: inner);
        x = net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn2", x));
        x = net.BatchNorm2d($"{name}.bn3", net.Conv2d($"{name}.conv3", x, channels, kernel: 1));
        return stride > 1 ? x : net.Add($"{name}.add", x, input.Channels == channels
            ? input
            : net.ConvNormActivation($"{name}.shortcut", input, channels, kernel: 1));
    }
}
