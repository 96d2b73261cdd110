using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>MobileNet v3 (Howard et al. 2019).</summary>
internal static class MobileNetV3
{
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
        new("mobilenet_v3_large", net => Describe(net, s_large, units: 1280)) { Epsilon = 1e-3 },
        new("mobilenet_v3_small", net => Describe(net, s_small, units: 1024)) { Epsilon = 1e-3 },
    ];

    private static Value Describe(TorchNetwork net, Bottleneck[] bottlenecks, long units)
    {
        Value x = net.ConvNormActivation("features.0", net.Image, 16, kernel: 3, ActivationLayers.Hardswish, stride: 2);
        int place = 1;
        foreach (Bottleneck bottleneck in bottlenecks)
        {
            x = InvertedResidual(net, $"features.{place++}", x, bottleneck);
        }

        x = net.ConvNormActivation($"features.{place}", x, 6 * x.Channels!.Value, kernel: 1, ActivationLayers.Hardswish);
        return net.Head(x, maps => Classify(net, maps, units), ActivationLayers.Hardswish);
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

        x = net.ConvNormActivation($"{name}.block.{place++}", x, sizes.Inner, sizes.Kernel, activation, sizes.Stride, groups: sizes.Inner);
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

    private sealed record Bottleneck(long Kernel, long Inner, long Channels, long Stride, bool Gate = false, bool Hard = false);
}
