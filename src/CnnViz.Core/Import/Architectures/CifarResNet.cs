using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>
/// The ResNets of section 4.2 of He et al. 2016, for images of 32 pixels, with shortcuts that have no weights, under the names of
/// akamaster/pytorch_resnet_cifar10.
/// </summary>
internal static class CifarResNet
{
    private static readonly int[] s_depths = [20, 32, 44, 56, 110];

    public static IEnumerable<Architecture> All => s_depths.Select(depth =>
        new Architecture($"resnet{depth}", net => Describe(net, (depth - 2) / 6)) { InputSize = 32 });

    private static Value Describe(TorchNetwork net, int blocks)
    {
        Value x = net.Conv2d("conv1", net.Image, 16, kernel: 3, padding: 1);
        x = net.ReLU("relu", net.BatchNorm2d("bn1", x));
        for (int stage = 0; stage < 3; stage++)
        {
            for (int i = 0; i < blocks; i++)
            {
                x = Block(net, $"layer{stage + 1}.{i}", x, 16L << stage, stride: stage > 0 && i == 0 ? 2 : 1);
            }
        }

        return net.PooledLinear(x, "avg_pool2d", "linear");
    }

    private static Value Block(TorchNetwork net, string name, Value input, long channels, long stride)
    {
        Value x = net.Conv2d($"{name}.conv1", input, channels, kernel: 3, stride, padding: 1);
        x = net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn1", x));
        x = net.BatchNorm2d($"{name}.bn2", net.Conv2d($"{name}.conv2", x, channels, kernel: 3, padding: 1));
        Value shortcut = stride == 1 ? input : PadChannels(net, $"{name}.shortcut", input, channels);
        return net.ReLU($"{name}.relu", net.Add($"{name}.add", x, shortcut));
    }

    // Every second pixel, and as many channels of zeros before as after.
    private static Value PadChannels(TorchNetwork net, string name, Value input, long channels)
    {
        long zeros = (channels - input.Channels!.Value) / 2;
        Value x = net.TakeEvery(name, input, rows: 2, columns: 2);
        return net.PadChannels(name, x, before: zeros, after: zeros);
    }
}
