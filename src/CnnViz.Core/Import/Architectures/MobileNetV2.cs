using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>MobileNet v2 (Sandler et al. 2018).</summary>
internal static class MobileNetV2
{
    private static readonly (long Expansion, long Channels, int Depth, long Stride)[] s_stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    public static IEnumerable<Architecture> All { get; } = [new("mobilenet_v2", Describe)];

    private static Value Describe(TorchNetwork net)
    {
        Value x = net.ConvNormActivation("features.0", net.Image, 32, kernel: 3, ActivationLayers.ReLU6, stride: 2);
        int place = 1;
        foreach ((long expansion, long channels, int depth, long stride) in s_stages)
        {
            for (int i = 0; i < depth; i++)
            {
                x = InvertedResidual(net, $"features.{place++}", x, expansion, channels, i == 0 ? stride : 1);
            }
        }

        x = net.ConvNormActivation($"features.{place}", x, 1280, kernel: 1, ActivationLayers.ReLU6);
        return net.PooledLinear(x, "adaptive_avg_pool2d", "classifier.1");
    }

    private static Value InvertedResidual(TorchNetwork net, string name, Value input, long expansion, long channels, long stride)
    {
        int place = 0;
        Value x = input;
        if (expansion != 1)
        {
            x = net.ConvNormActivation($"{name}.conv.{place++}", x, expansion * input.Channels!.Value, kernel: 1, ActivationLayers.ReLU6);
        }

        long inner = x.Channels!.Value;
        x = net.ConvNormActivation($"{name}.conv.{place++}", x, inner, kernel: 3, ActivationLayers.ReLU6, stride, groups: inner);
        x = net.Conv2d($"{name}.conv.{place++}", x, channels, kernel: 1);
        x = net.BatchNorm2d($"{name}.conv.{place}", x);
        return net.Residual(name, input, x, stride);
    }
}
