using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>ResNet with the depths, widths, groups and parts that a file has, under torchvision's and timm's names.</summary>
internal static class AnyResNet
{
    /// <summary>Puts it together. Strides are those of <see cref="ResNet"/>, as weights do not tell them.</summary>
    public static Value Describe(TorchNetwork net) => net.PooledLinear(Maps(net, string.Empty)[^1], "avgpool", "fc");

    /// <summary>The map of the first convolution, before the pooling, and those of the stages.</summary>
    /// <param name="net">The network.</param>
    /// <param name="prefix">What its keys begin with.</param>
    public static IReadOnlyList<Value> Maps(TorchNetwork net, string prefix)
    {
        (Value x, bool isPooled) = Stem(net, prefix);
        List<Value> maps = [x];
        x = isPooled ? net.MaxPool2d($"{prefix}maxpool", x, Windows.Square(3, stride: 2, padding: 1)) : x;
        int stages = net.CountOf(stage => $"{prefix}layer{stage + 1}.0.conv1.weight");
        for (int stage = 0; stage < stages; stage++)
        {
            int depth = net.CountOf(i => $"{prefix}layer{stage + 1}.{i}.conv1.weight");
            for (int i = 0; i < depth; i++)
            {
                x = Block(net, $"{prefix}layer{stage + 1}.{i}", x, stride: stage > 0 && i == 0 ? 2 : 1);
            }

            maps.Add(x);
        }

        return maps;
    }

    private static (Value Map, bool IsPooled) Stem(TorchNetwork net, string prefix)
    {
        string name = $"{prefix}conv1";
        if (net.Has($"{name}.0.weight"))
        {
            Value deep = net.ReLU($"{name}.2", Norm(net, $"{name}.1", Conv(net, $"{name}.0", net.Image, kernel: 3, stride: 2)));
            deep = net.ReLU($"{name}.5", Norm(net, $"{name}.4", Conv(net, $"{name}.3", deep, kernel: 3)));
            return (net.ReLU($"{prefix}relu", Norm(net, $"{prefix}bn1", Conv(net, $"{name}.6", deep, kernel: 3))), true);
        }

        bool isSmall = net.SizeOf($"{name}.weight", 2) == 3;
        Value x = Conv(net, name, net.Image, kernel: isSmall ? 3 : 7, stride: isSmall ? 1 : 2);
        x = net.ReLU($"{prefix}relu", Norm(net, $"{prefix}bn1", x));
        if (isSmall)
        {
            net.Guesses.Add("That its first convolution, of 3×3, has a stride of 1 and no pooling behind it is a guess; weights do not tell it.");
        }

        return (x, !isSmall);
    }

    private static Value Block(TorchNetwork net, string name, Value input, long stride)
    {
        bool isBottleneck = net.Has($"{name}.conv3.weight");
        Value x = Conv(net, $"{name}.conv1", input, kernel: isBottleneck ? 1 : 3, stride: isBottleneck ? 1 : stride);
        x = net.ReLU($"{name}.relu", Norm(net, $"{name}.bn1", x));
        x = Norm(net, $"{name}.bn2", Conv(net, $"{name}.conv2", x, kernel: 3, isBottleneck ? stride : 1));
        if (isBottleneck)
        {
            x = Norm(net, $"{name}.bn3", Conv(net, $"{name}.conv3", net.ReLU($"{name}.relu", x), kernel: 1));
        }

        if (net.Has($"{name}.se.fc1.weight"))
        {
            long squeezed = net.SizeOf($"{name}.se.fc1.weight");
            x = net.SqueezeExcitation($"{name}.se", x, squeezed, ActivationLayers.ReLU, ActivationLayers.Sigmoid);
        }

        return net.ReLU($"{name}.relu", net.Add($"{name}.add", x, Shortcut(net, $"{name}.downsample", input, x, stride)));
    }

    // In ResNet-D a mean comes before the convolution, which has no stride then.
    private static Value Shortcut(TorchNetwork net, string name, Value input, Value output, long stride)
    {
        if (net.ShapeOf($"{name}.1.weight") is { Count: 4 })
        {
            Value mean = stride == 1 ? input : net.AvgPool2d($"{name}.0", input, Windows.Square(2, stride), countPadding: false, ceilMode: true);
            return Norm(net, $"{name}.2", Conv(net, $"{name}.1", mean, kernel: 1));
        }

        return stride == 1 && input.Channels == output.Channels && !net.Has($"{name}.0.weight")
            ? input
            : Norm(net, $"{name}.1", Conv(net, $"{name}.0", input, kernel: 1, stride));
    }

    private static Value Norm(TorchNetwork net, string name, Value input) => net.BatchNorm2d(name, input);

    private static Value Conv(TorchNetwork net, string name, Value input, long kernel, long stride = 1)
    {
        long groups = Math.Max(1, (input.Channels ?? net.SizeOf($"{name}.weight", 1)) / net.SizeOf($"{name}.weight", 1));
        return net.Conv2d(
            name, input, net.SizeOf($"{name}.weight"), kernel, stride, kernel / 2, groups, bias: net.Has($"{name}.bias"));
    }
}
