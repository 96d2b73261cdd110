using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures.Detectors;

/// <summary>
/// ShuffleNet v2 (Ma et al. 2018) under the names of megvii-model/ShuffleNet-Series, without its classifier. A unit takes every other
/// channel, where torchvision's shuffles at its end.
/// </summary>
internal static class ShuffleBackbone
{
    private static readonly (long Channels, int Depth)[] s_stages = [(48, 4), (96, 8), (192, 4)];

    /// <summary>The maps of its three stages, at 1/8, 1/16 and 1/32 of the image's size.</summary>
    public static Value[] Describe(TorchNetwork net, string name)
    {
        Value x = net.ConvNormActivation($"{name}.first_conv", net.Image, 24, kernel: 3, ActivationLayers.ReLU, stride: 2);
        x = net.MaxPool2d($"{name}.maxpool", x, Windows.Square(3, stride: 2, padding: 1));
        var maps = new Value[s_stages.Length];
        for (int stage = 0; stage < s_stages.Length; stage++)
        {
            (long channels, int depth) = s_stages[stage];
            for (int i = 0; i < depth; i++)
            {
                string unit = $"{name}.stage{stage + 2}.{i}";
                x = i == 0 ? Shrink(net, unit, x, channels) : Unit(net, unit, x, channels);
            }

            maps[stage] = x;
        }

        return maps;
    }

    private static Value Shrink(TorchNetwork net, string name, Value input, long channels)
    {
        long kept = input.Channels!.Value;
        Value left = Depthwise(net, $"{name}.branch_proj", input, kept, place: 0, stride: 2);
        return net.Concat($"{name}.cat", left, Branch(net, name, input, channels / 2, channels - kept, stride: 2));
    }

    private static Value Unit(TorchNetwork net, string name, Value input, long channels)
    {
        long half = input.Channels!.Value / 2;
        Value shuffled = net.ShuffleChannels($"{name}.channel_shuffle", input, half);
        Value left = net.SliceChannels($"{name}.chunk", shuffled, 0, half);
        Value right = net.SliceChannels($"{name}.chunk", shuffled, half, 2 * half);
        return net.Concat($"{name}.cat", left, Branch(net, name, right, channels / 2, channels - half, stride: 1));
    }

    private static Value Branch(TorchNetwork net, string name, Value input, long inner, long channels, long stride)
    {
        Value x = net.BatchNorm2d($"{name}.branch_main.1", net.Conv2d($"{name}.branch_main.0", input, inner, kernel: 1));
        return Depthwise(net, $"{name}.branch_main", net.ReLU($"{name}.branch_main.2", x), channels, place: 3, stride);
    }

    private static Value Depthwise(TorchNetwork net, string name, Value input, long channels, int place, long stride)
    {
        Value x = net.Conv2d($"{name}.{place}", input, input.Channels, kernel: 3, stride, padding: 1, groups: input.Channels!.Value);
        x = net.Conv2d($"{name}.{place + 2}", net.BatchNorm2d($"{name}.{place + 1}", x), channels, kernel: 1);
        return net.ReLU($"{name}.{place + 4}", net.BatchNorm2d($"{name}.{place + 3}", x));
    }
}
