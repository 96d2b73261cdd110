using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>AlexNet in one column (Krizhevsky 2014).</summary>
internal static class AlexNet
{
    public static IEnumerable<Architecture> All { get; } = [new("alexnet", Describe)];

    private static Value Describe(TorchNetwork net)
    {
        Value x = Conv(net, 0, net.Image, 64, kernel: 11, stride: 4, padding: 2);
        x = Conv(net, 3, Pool(net, 2, x), 192, kernel: 5, padding: 2);
        x = Conv(net, 6, Pool(net, 5, x), 384, kernel: 3, padding: 1);
        x = Conv(net, 8, x, 256, kernel: 3, padding: 1);
        x = Pool(net, 12, Conv(net, 10, x, 256, kernel: 3, padding: 1));
        return net.Head(x, maps => Classify(net, maps));
    }

    private static Value Classify(TorchNetwork net, Value maps)
    {
        Value x = net.Flatten("flatten", net.AdaptiveAvgPool2d("avgpool", maps, 6, 6), positions: 36);
        x = net.ReLU("classifier.2", net.Linear("classifier.1", x, 4096));
        x = net.ReLU("classifier.5", net.Linear("classifier.4", x, 4096));
        return net.Linear("classifier.6", x);
    }

    private static Value Conv(TorchNetwork net, int place, Value x, long channels, long kernel, long padding, long stride = 1) => net.ReLU(
        $"features.{place + 1}", net.Conv2d($"features.{place}", x, channels, kernel, stride, padding, bias: true));

    private static Value Pool(TorchNetwork net, int place, Value x) =>
        net.MaxPool2d($"features.{place}", x, Windows.Square(3, stride: 2));
}
