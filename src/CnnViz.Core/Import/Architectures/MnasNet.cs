using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>MNASNet-B1 (Tan et al. 2019) in several widths.</summary>
internal static class MnasNet
{
    private static readonly (long Channels, long Kernel, long Stride, long Expansion, int Depth)[] s_stages =
        [(24, 3, 2, 3, 3), (40, 5, 2, 3, 3), (80, 5, 2, 6, 3), (96, 3, 1, 6, 2), (192, 5, 2, 6, 4), (320, 3, 1, 6, 1)];

    public static IEnumerable<Architecture> All { get; } =
    [
        new("mnasnet0_5", net => Describe(net, 0.5)),
        new("mnasnet0_75", net => Describe(net, 0.75)),
        new("mnasnet1_0", net => Describe(net, 1)),
        new("mnasnet1_3", net => Describe(net, 1.3)),
    ];

    private static Value Describe(TorchNetwork net, double width)
    {
        Value x = Conv(net, "layers", 0, net.Image, Blocks.MakeDivisible(32 * width), kernel: 3, stride: 2);
        x = Depthwise(net, "layers", 3, x, kernel: 3, stride: 1);
        x = net.BatchNorm2d("layers.7", net.Conv2d("layers.6", x, Blocks.MakeDivisible(16 * width), kernel: 1));
        int place = 8;
        foreach ((long channels, long kernel, long stride, long expansion, int depth) in s_stages)
        {
            for (int i = 0; i < depth; i++)
            {
                string name = $"layers.{place}.{i}";
                x = InvertedResidual(net, name, x, Blocks.MakeDivisible(channels * width), kernel, i == 0 ? stride : 1, expansion);
            }

            place++;
        }

        x = Conv(net, "layers", place, x, 1280, kernel: 1, stride: 1);
        return net.PooledLinear(x, "mean", "classifier.1");
    }

    private static Value InvertedResidual(
        TorchNetwork net, string name, Value input, long channels, long kernel, long stride, long expansion)
    {
        string layers = $"{name}.layers";
        Value x = Conv(net, layers, 0, input, expansion * input.Channels!.Value, kernel: 1, stride: 1);
        x = Depthwise(net, layers, 3, x, kernel, stride);
        x = net.BatchNorm2d($"{layers}.7", net.Conv2d($"{layers}.6", x, channels, kernel: 1));
        return net.Residual(name, input, x, stride);
    }

    private static Value Depthwise(TorchNetwork net, string name, int place, Value input, long kernel, long stride) =>
        Conv(net, name, place, input, input.Channels!.Value, kernel, stride, groups: input.Channels.Value);

    private static Value Conv(
        TorchNetwork net, string name, int place, Value input, long channels, long kernel, long stride, long groups = 1)
    {
        Value x = net.Conv2d($"{name}.{place}", input, channels, kernel, stride, padding: kernel / 2, groups);
        return net.ReLU($"{name}.{place + 2}", net.BatchNorm2d($"{name}.{place + 1}", x));
    }
}
