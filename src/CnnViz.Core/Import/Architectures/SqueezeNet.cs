using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>SqueezeNet (Iandola et al. 2016).</summary>
internal static class SqueezeNet
{
    // Squeezed channels of each fire module; a pooling where there is none.
    public static IEnumerable<Architecture> All { get; } =
    [
        new("squeezenet1_0", net => Describe(net, 96, kernel: 7, [0, 16, 16, 32, 0, 32, 48, 48, 64, 0, 64])),
        new("squeezenet1_1", net => Describe(net, 64, kernel: 3, [0, 16, 16, 0, 32, 32, 0, 48, 48, 64, 64])),
    ];

    private static Value Describe(TorchNetwork net, long channels, long kernel, long[] modules)
    {
        Value x = net.Conv2d("features.0", net.Image, channels, kernel, stride: 2, bias: true);
        x = net.ReLU("features.1", x);
        for (int i = 0; i < modules.Length; i++)
        {
            x = modules[i] == 0
                ? net.MaxPool2d($"features.{i + 2}", x, Windows.Square(3, stride: 2), ceilMode: true)
                : Fire(net, $"features.{i + 2}", x, modules[i]);
        }

        return net.Head(x, maps => Classify(net, maps));
    }

    private static Value Classify(TorchNetwork net, Value maps)
    {
        Value x = net.ReLU("classifier.2", net.Conv2d("classifier.1", maps, channels: null, kernel: 1, bias: true));
        return net.Flatten("flatten", net.GlobalAvgPool2d("classifier.3", x), positions: 1);
    }

    private static Value Fire(TorchNetwork net, string name, Value input, long squeezed)
    {
        Value x = net.Conv2d($"{name}.squeeze", input, squeezed, kernel: 1, bias: true);
        x = net.ReLU($"{name}.squeeze_activation", x);
        Value small = net.Conv2d($"{name}.expand1x1", x, 4 * squeezed, kernel: 1, bias: true);
        small = net.ReLU($"{name}.expand1x1_activation", small);
        Value large = net.Conv2d($"{name}.expand3x3", x, 4 * squeezed, kernel: 3, padding: 1, bias: true);
        large = net.ReLU($"{name}.expand3x3_activation", large);
        return net.Concat($"{name}.cat", small, large);
    }
}
