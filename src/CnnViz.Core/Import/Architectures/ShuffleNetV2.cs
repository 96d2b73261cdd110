using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>ShuffleNet v2 (Ma et al. 2018).</summary>
internal static class ShuffleNetV2
{
    private static readonly int[] s_depths = [4, 8, 4];

    public static IEnumerable<Architecture> All { get; } =
    [
        new("shufflenet_v2_x0_5", net => Describe(net, [48, 96, 192], last: 1024)),
        new("shufflenet_v2_x1_0", net => Describe(net, [116, 232, 464], last: 1024)),
        new("shufflenet_v2_x1_5", net => Describe(net, [176, 352, 704], last: 1024)),
        new("shufflenet_v2_x2_0", net => Describe(net, [244, 488, 976], last: 2048)),
    ];

    private static Value Describe(TorchNetwork net, long[] channels, long last)
    {
        Value x = net.ConvNormActivation("conv1", net.Image, 24, kernel: 3, ActivationLayers.ReLU, stride: 2);
        x = net.MaxPool2d("maxpool", x, Windows.Square(3, stride: 2, padding: 1));
        for (int stage = 0; stage < channels.Length; stage++)
        {
            for (int i = 0; i < s_depths[stage]; i++)
            {
                x = Unit(net, $"stage{stage + 2}.{i}", x, channels[stage] / 2, isFirst: i == 0);
            }
        }

        x = net.ConvNormActivation("conv5", x, last, kernel: 1, ActivationLayers.ReLU);
        return net.PooledLinear(x, "mean", "fc");
    }

    // The first unit of a stage works on all channels in both branches; the others leave one half as it is.
    private static Value Unit(TorchNetwork net, string name, Value input, long half, bool isFirst)
    {
        Value left = isFirst ? Reduce(net, $"{name}.branch1", input, half, place: 0) : net.SliceChannels($"{name}.chunk", input, 0, half);
        Value x = isFirst ? input : net.SliceChannels($"{name}.chunk", input, half, 2 * half);
        x = net.BatchNorm2d($"{name}.branch2.1", net.Conv2d($"{name}.branch2.0", x, half, kernel: 1));
        x = net.ReLU($"{name}.branch2.2", x);
        x = Reduce(net, $"{name}.branch2", x, half, place: 3, stride: isFirst ? 2 : 1);
        return net.ShuffleChannels($"{name}.channel_shuffle", net.Concat($"{name}.cat", left, x), 2);
    }

    // Depthwise, then pointwise.
    private static Value Reduce(TorchNetwork net, string name, Value input, long channels, int place, long stride = 2)
    {
        Value x = net.Conv2d($"{name}.{place}", input, input.Channels!.Value, kernel: 3, stride, padding: 1, groups: input.Channels.Value);
        x = net.BatchNorm2d($"{name}.{place + 1}", x);
        x = net.Conv2d($"{name}.{place + 2}", x, channels, kernel: 1);
        return net.ReLU($"{name}.{place + 4}", net.BatchNorm2d($"{name}.{place + 3}", x));
    }
}
