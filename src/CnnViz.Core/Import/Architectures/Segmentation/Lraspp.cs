using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures.Segmentation;

/// <summary>
/// torchvision's network for segmentation on a dilated MobileNet v3, with the head of its authors (Howard et al. 2019). The output is the map of
/// classes before it is enlarged to the image's size.
/// </summary>
internal static class Lraspp
{
    // The stage at 1/8 of the image's size.
    private const int Low = 4;

    public static IEnumerable<Architecture> All { get; } =
        [new("lraspp_mobilenet_v3_large", Describe) { InputSize = 520, Epsilon = MobileNetV3.Epsilon }];

    private static Value Describe(TorchNetwork net)
    {
        IReadOnlyList<Value> maps = MobileNetV3.DilatedMaps(net, "backbone");
        Value x = net.ConvNormActivation("classifier.cbr", maps[^1], 128, kernel: 1, ActivationLayers.ReLU, ownEpsilon: 1e-5);
        Value gate = net.Conv2d("classifier.scale.1", net.GlobalAvgPool2d("classifier.scale.0", maps[^1]), 128, kernel: 1);
        x = net.Mul("classifier.mul", x, net.Sigmoid("classifier.scale.2", gate));
        x = net.ResizeBilinearLike("classifier.interpolate", x, maps[Low]);
        Value fine = net.Conv2d("classifier.low_classifier", maps[Low], null, kernel: 1, bias: true);
        return net.Add("classifier.add", fine, net.Conv2d("classifier.high_classifier", x, null, kernel: 1, bias: true));
    }
}
