using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>
/// Networks of residual blocks for the 32 pixels of CIFAR-10, as in kuangliu/pytorch-cifar: ResNet (not those of the paper's section 4.2), ResNet with
/// activations first (He et al. 2016), ResNeXt, SENet.
/// </summary>
internal static class CifarResidual
{
    private delegate Value BlockMaker(TorchNetwork net, string name, Value input, long channels, long stride);

    public static IEnumerable<Architecture> All { get; } =
    [
        ResNet("resnet18", [2, 2, 2, 2], BasicBlock),
        ResNet("resnet34", [3, 4, 6, 3], BasicBlock),
        ResNet("resnet50", [3, 4, 6, 3], Bottleneck),
        ResNet("resnet101", [3, 4, 23, 3], Bottleneck),
        ResNet("resnet152", [3, 8, 36, 3], Bottleneck),
        PreAct("preact_resnet18", [2, 2, 2, 2], (net, name, x, channels, stride) => PreActBlock(net, name, x, channels, stride, isWeighed: false)),
        PreAct("preact_resnet34", [3, 4, 6, 3], (net, name, x, channels, stride) => PreActBlock(net, name, x, channels, stride, isWeighed: false)),
        PreAct("preact_resnet50", [3, 4, 6, 3], PreActBottleneck),
        ResNet("senet18", [2, 2, 2, 2], (net, name, x, channels, stride) => PreActBlock(net, name, x, channels, stride, isWeighed: true)),
        .. new (int Groups, int Width)[] { (2, 64), (4, 64), (8, 64), (32, 4) }.Select(size => CifarNetworks.Of(
            $"cifar_resnext29_{size.Groups}x{size.Width}d", net => ResNeXt(net, size.Groups, size.Width))),
    ];

    private static Architecture ResNet(string name, int[] depths, BlockMaker block) => CifarNetworks.Of($"cifar_{name}", net =>
    {
        Value x = net.ReLU("relu", net.BatchNorm2d("bn1", net.Conv2d("conv1", net.Image, 64, kernel: 3, padding: 1)));
        return CifarNetworks.Classify(net, Stages(net, x, depths, block));
    });

    private static Architecture PreAct(string name, int[] depths, BlockMaker block) => CifarNetworks.Of($"cifar_{name}", net =>
        CifarNetworks.Classify(net, Stages(net, net.Conv2d("conv1", net.Image, 64, kernel: 3, padding: 1), depths, block)));

    private static Value Stages(TorchNetwork net, Value input, int[] depths, BlockMaker block)
    {
        Value x = input;
        for (int stage = 0; stage < depths.Length; stage++)
        {
            for (int i = 0; i < depths[stage]; i++)
            {
                x = block(net, $"layer{stage + 1}.{i}", x, 64L << stage, stride: stage > 0 && i == 0 ? 2 : 1);
            }
        }

        return x;
    }

    private static Value BasicBlock(TorchNetwork net, string name, Value input, long channels, long stride)
    {
        Value x = net.Conv2d($"{name}.conv1", input, channels, kernel: 3, stride, padding: 1);
        x = net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn1", x));
        x = net.BatchNorm2d($"{name}.bn2", net.Conv2d($"{name}.conv2", x, channels, kernel: 3, padding: 1));
        return AddShortcut(net, name, input, x, stride);
    }

    private static Value Bottleneck(TorchNetwork net, string name, Value input, long channels, long stride) =>
        Bottleneck(net, name, input, channels, 4 * channels, stride, groups: 1);

    private static Value Bottleneck(TorchNetwork net, string name, Value input, long inner, long channels, long stride, long groups)
    {
        Value x = net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn1", net.Conv2d($"{name}.conv1", input, inner, kernel: 1)));
        x = net.Conv2d($"{name}.conv2", x, inner, kernel: 3, stride, padding: 1, groups);
        x = net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn2", x));
        x = net.BatchNorm2d($"{name}.bn3", net.Conv2d($"{name}.conv3", x, channels, kernel: 1));
        return AddShortcut(net, name, input, x, stride);
    }

    private static Value AddShortcut(TorchNetwork net, string name, Value input, Value output, long stride)
    {
        Value shortcut = stride == 1 && input.Channels == output.Channels
            ? input
            : net.ConvNormActivation($"{name}.shortcut", input, output.Channels!.Value, kernel: 1, stride: stride);
        return net.ReLU($"{name}.relu", net.Add($"{name}.add", output, shortcut));
    }

    // Three stages, whose width is said for one group and doubles with each.
    private static Value ResNeXt(TorchNetwork net, long groups, long width)
    {
        Value x = net.ReLU("relu", net.BatchNorm2d("bn1", net.Conv2d("conv1", net.Image, 64, kernel: 1)));
        for (int stage = 0; stage < 3; stage++)
        {
            long inner = groups * width << stage;
            for (int i = 0; i < 3; i++)
            {
                x = Bottleneck(net, $"layer{stage + 1}.{i}", x, inner, 2 * inner, stage > 0 && i == 0 ? 2 : 1, groups);
            }
        }

        return CifarNetworks.Classify(net, x);
    }

    // Normalization and activation come before the convolution; the shortcut has weights where the size or the channels change.
    private static Value PreActBlock(TorchNetwork net, string name, Value input, long channels, long stride, bool isWeighed)
    {
        Value first = net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn1", input));
        Value x = net.Conv2d($"{name}.conv1", first, channels, kernel: 3, stride, padding: 1);
        x = net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn2", x));
        x = net.Conv2d($"{name}.conv2", x, channels, kernel: 3, padding: 1);
        if (isWeighed)
        {
            x = net.SqueezeExcitation(name, x, channels / 16, ActivationLayers.ReLU, ActivationLayers.Sigmoid);
        }

        return net.Add($"{name}.add", x, PreActShortcut(net, name, input, first, channels, stride));
    }

    private static Value PreActBottleneck(TorchNetwork net, string name, Value input, long channels, long stride)
    {
        Value first = net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn1", input));
        Value x = net.Conv2d($"{name}.conv1", first, channels, kernel: 1);
        x = net.Conv2d($"{name}.conv2", net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn2", x)), channels, kernel: 3, stride, padding: 1);
        x = net.Conv2d($"{name}.conv3", net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn3", x)), 4 * channels, kernel: 1);
        return net.Add($"{name}.add", x, PreActShortcut(net, name, input, first, 4 * channels, stride));
    }

    private static Value PreActShortcut(TorchNetwork net, string name, Value input, Value first, long channels, long stride) =>
        stride == 1 && input.Channels == channels ? input : net.Conv2d($"{name}.shortcut.0", first, channels, kernel: 1, stride);
}
