using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>MobileNet v3 (Howard et al. 2019).</summary>
internal static class MobileNetV3
{
    /// <summary>What torchvision's adds to the variance.</summary>
    public const double Epsilon = 1e-3;

    private const bool Gated = true;

    private static readonly Bottleneck[] s_large =
    [
        new(3, 16, 16, 1),
        new(3, 64, 24, 2),
        new(3, 72, 24, 1),
        new(5, 72, 40, 2, Gated),
        new(5, 120, 40, 1, Gated),
        new(5, 120, 40, 1, Gated),
        new(3, 240, 80, 2, Hard: true),
        new(3, 200, 80, 1, Hard: true),
        new(3, 184, 80, 1, Hard: true),
        new(3, 184, 80, 1, Hard: true),
        new(3, 480, 112, 1, Gated, Hard: true),
        new(3, 672, 112, 1, Gated, Hard: true),
        new(5, 672, 160, 2, Gated, Hard: true),
        new(5, 960, 160, 1, Gated, Hard: true),
        new(5, 960, 160, 1, Gated, Hard: true),
    ];

    private static readonly Bottleneck[] s_small =
    [
        new(3, 16, 16, 2, Gated),
        new(3, 72, 24, 2),
        new(3, 88, 24, 1),
        new(5, 96, 40, 2, Gated, Hard: true),
        new(5, 240, 40, 1, Gated, Hard: true),
        new(5, 240, 40, 1, Gated, Hard: true),
        new(5, 120, 48, 1, Gated, Hard: true),
        new(5, 144, 48, 1, Gated, Hard: true),
        new(5, 288, 96, 2, Gated, Hard: true),
        new(5, 576, 96, 1, Gated, Hard: true),
        new(5, 576, 96, 1, Gated, Hard: true),
    ];

    public static IEnumerable<Architecture> All { get; } =
    [
        new("mobilenet_v3_large", net => Describe(net, s_large, units: 1280)) { Epsilon = Epsilon },
        new("mobilenet_v3_small", net => Describe(net, s_small, units: 1024)) { Epsilon = Epsilon },
    ];

    private static Value Describe(TorchNetwork net, Bottleneck[] bottlenecks, long units) =>
        net.Head(Maps(net, "features", bottlenecks)[^1], maps => Classify(net, maps, units), ActivationLayers.Hardswish);

    /// <summary>The maps of the large one as segmentation has it, whose last three bottlenecks are dilated in the place of a stride.</summary>
    public static IReadOnlyList<Value> DilatedMaps(TorchNetwork net, string name) => Maps(
        net, name, [.. s_large.Select((bottleneck, i) => i < s_large.Length - 3 ? bottleneck : bottleneck with { Stride = 1, Dilation = 2 })]);

    private static List<Value> Maps(TorchNetwork net, string name, Bottleneck[] bottlenecks)
    {
        List<Value> maps = [net.ConvNormActivation($"{name}.0", net.Image, 16, kernel: 3, ActivationLayers.Hardswish, stride: 2)];
        foreach (Bottleneck bottleneck in bottlenecks)
        {
            maps.Add(InvertedResidual(net, $"{name}.{maps.Count}", maps[^1], bottleneck));
        }

        maps.Add(net.ConvNormActivation(
            $"{name}.{maps.Count}", maps[^1], 6 * maps[^1].Channels!.Value, kernel: 1, ActivationLayers.Hardswish));
        return maps;
    }

    private static Value Classify(TorchNetwork net, Value maps, long units)
    {
        Value x = net.Flatten("flatten", net.GlobalAvgPool2d("avgpool", maps), positions: 1);
        x = net.Hardswish("classifier.1", net.Linear("classifier.0", x, units));
        return net.Linear("classifier.3", x);
    }

    private static Value InvertedResidual(TorchNetwork net, string name, Value input, Bottleneck sizes)
    {
        Activation activation = sizes.Hard ? ActivationLayers.Hardswish : ActivationLayers.ReLU;
        int place = 0;
        Value x = input;
        if (sizes.Inner != input.Channels)
        {
            x = net.ConvNormActivation($"{name}.block.{place++}", x, sizes.Inner, kernel: 1, activation);
        }

        string depthwise = $"{name}.block.{place++}";
        var window = Windows.Square(sizes.Kernel, sizes.Stride, sizes.Kernel / 2 * sizes.Dilation, sizes.Dilation);
        x = net.BatchNorm2d($"{depthwise}.1", net.Conv2d($"{depthwise}.0", x, sizes.Inner, window, groups: sizes.Inner));
        x = activation(net, $"{depthwise}.2", x);
        if (sizes.Gate)
        {
            x = net.SqueezeExcitation(
                $"{name}.block.{place++}",
                x,
                Blocks.MakeDivisible(sizes.Inner / 4),
                ActivationLayers.ReLU,
                ActivationLayers.Hardsigmoid);
        }

        x = net.ConvNormActivation($"{name}.block.{place}", x, sizes.Channels, kernel: 1);
        return net.Residual(name, input, x, sizes.Stride);
    }

    private sealed record Bottleneck(long Kernel, long Inner, long Channels, long Stride, bool Gate = false, bool Hard = false, long Dilation = 1);
}
