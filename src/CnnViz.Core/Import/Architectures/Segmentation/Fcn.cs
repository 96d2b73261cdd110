using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures.Segmentation;

/// <summary>
/// torchvision's networks for segmentation on a ResNet whose last two stages are dilated: FCN (Long et al. 2015) and DeepLab v3 (Chen et al.
/// 2017). The output is the map of classes before it is enlarged to the image's size.
/// </summary>
internal static class Fcn
{
    private const int InputSize = 520;

    // Heads have PyTorch's, whatever the backbone has.
    private const double Epsilon = 1e-5;

    // Dilations of the branches that look at context.
    private static readonly long[] s_dilations = [12, 24, 36];

    public static IEnumerable<Architecture> All { get; } =
    [
        Of("fcn_resnet50", net => Head(net, Backbone(net, [3, 4, 6, 3]))),
        Of("fcn_resnet101", net => Head(net, Backbone(net, [3, 4, 23, 3]))),
        Of("deeplabv3_resnet50", net => DeepLabHead(net, Backbone(net, [3, 4, 6, 3]))),
        Of("deeplabv3_resnet101", net => DeepLabHead(net, Backbone(net, [3, 4, 23, 3]))),
        Of("deeplabv3_mobilenet_v3_large", net => DeepLabHead(net, MobileNetV3.DilatedMaps(net, "backbone")[^1])) with { Epsilon = MobileNetV3.Epsilon },
    ];

    private static Architecture Of(string name, Func<TorchNetwork, Value> describe) =>
        new(name, describe) { InputSize = InputSize, TrainingOnly = ["aux_classifier."] };

    private static Value Backbone(TorchNetwork net, int[] depths) => ResNet.Maps(net, "backbone.", depths, ResNet.Bottleneck(), dilated: 2)[^1];

    private static Value Head(TorchNetwork net, Value maps)
    {
        Value x = net.ConvNormActivation("classifier", maps, maps.Channels!.Value / 4, kernel: 3, ActivationLayers.ReLU, ownEpsilon: Epsilon);
        return net.Conv2d("classifier.4", x, null, kernel: 1, bias: true);
    }

    private static Value DeepLabHead(TorchNetwork net, Value maps)
    {
        const string pyramid = "classifier.0";
        List<Value> branches = [Branch(net, $"{pyramid}.convs.0", maps, dilation: 0)];
        branches.AddRange(s_dilations.Select((dilation, i) => Branch(net, $"{pyramid}.convs.{i + 1}", maps, dilation)));
        Value mean = net.GlobalAvgPool2d($"{pyramid}.convs.4.0", maps);
        mean = net.BatchNorm2d($"{pyramid}.convs.4.2", net.Conv2d($"{pyramid}.convs.4.1", mean, 256, kernel: 1), Epsilon);
        branches.Add(net.ExpandLike($"{pyramid}.convs.4.interpolate", net.ReLU($"{pyramid}.convs.4.3", mean), maps));
        Value x = net.ConvNormActivation(
            $"{pyramid}.project", net.Concat($"{pyramid}.cat", [.. branches]), 256, kernel: 1, ActivationLayers.ReLU, ownEpsilon: Epsilon);
        x = net.BatchNorm2d("classifier.2", net.Conv2d("classifier.1", x, 256, kernel: 3, padding: 1), Epsilon);
        return net.Conv2d("classifier.4", net.ReLU("classifier.3", x), null, kernel: 1, bias: true);
    }

    // Without dilation, it is of 1×1.
    private static Value Branch(TorchNetwork net, string name, Value input, long dilation)
    {
        var window = dilation == 0 ? Windows.Square(1) : Windows.Square(3, padding: dilation, dilation: dilation);
        return net.ReLU($"{name}.2", net.BatchNorm2d($"{name}.1", net.Conv2d($"{name}.0", input, 256, window), Epsilon));
    }
}
