using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures.Detectors;

/// <summary>The small detectors of dog-qiuqiu: FastestDet, with one map, and Yolo-FastestV2, with two. Both stand on a ShuffleNet v2.</summary>
internal static class FastestDet
{
    private static readonly Preprocessing s_bgr =
        Preprocessing.Unit with { Name = "FastestDet", ChannelOrder = ChannelOrder.Bgr, Source = PreprocessingSource.Convention };

    public static IEnumerable<Architecture> All { get; } =
    [
        new("fastestdet", Describe) { InputSize = 352, Preprocessing = s_bgr },
        new("yolo_fastestv2", DescribeV2) { InputSize = 352, Preprocessing = s_bgr },
    ];

    private static Value Describe(TorchNetwork net)
    {
        Value[] maps = ShuffleBackbone.Describe(net, "backbone");
        Value fine = net.AvgPool2d("avg_pool", maps[0], Windows.Square(3, stride: 2, padding: 1), countPadding: true);
        Value coarse = net.UpsampleNearest("upsample", maps[2], 2, 2);
        Value x = Pyramid(net, "SPP", net.Concat("cat", fine, maps[1], coarse), 96);
        x = net.ConvNormActivation("detect_head.conv1x1.conv1x1", x, 96, kernel: 1, ActivationLayers.ReLU);
        Value isObject = net.Sigmoid("detect_head.sigmoid", Head(net, "detect_head.obj_layers", x, 1));
        Value box = Head(net, "detect_head.reg_layers", x, 4);
        return net.Concat("detect_head.cat", isObject, box, net.Softmax("detect_head.softmax", Head(net, "detect_head.cls_layers", x, null)));
    }

    // One, two and three convolutions of 5×5 side by side.
    private static Value Pyramid(TorchNetwork net, string name, Value input, long channels)
    {
        Value start = net.ConvNormActivation($"{name}.Conv1x1.conv1x1", input, channels, kernel: 1, ActivationLayers.ReLU);
        Value[] branches = [.. Enumerable.Range(1, 3).Select(count =>
            Enumerable.Range(0, count).Aggregate(start, (x, i) => Depthwise(net, $"{name}.S{count}", x, 3 * i)))];
        Value output = net.BatchNorm2d($"{name}.output.1", net.Conv2d($"{name}.output.0", net.Concat($"{name}.cat", branches), channels, kernel: 1));
        return net.ReLU($"{name}.relu", net.Add($"{name}.add", start, output));
    }

    private static Value Depthwise(TorchNetwork net, string name, Value input, int place)
    {
        Value x = net.Conv2d($"{name}.{place}", input, input.Channels, kernel: 5, padding: 2, groups: input.Channels!.Value);
        return net.ReLU($"{name}.{place + 2}", net.BatchNorm2d($"{name}.{place + 1}", x));
    }

    private static Value Head(TorchNetwork net, string name, Value input, long? channels)
    {
        Value x = net.Conv2d($"{name}.conv5x5.3", Depthwise(net, $"{name}.conv5x5", input, 0), channels, kernel: 1);
        return net.BatchNorm2d($"{name}.conv5x5.4", channels is null ? x with { Channels = null } : x);
    }

    private static Value DescribeV2(TorchNetwork net)
    {
        Value[] maps = ShuffleBackbone.Describe(net, "backbone");
        Value joined = net.Concat("fpn.cat", net.UpsampleNearest("fpn.interpolate", maps[2], 2, 2), maps[1]);
        (string Scale, Value Input)[] scales = [("3", maps[2]), ("2", joined)];
        Value last = joined;
        foreach ((string scale, Value input) in scales)
        {
            Value reduced = net.ConvNormActivation($"fpn.conv1x1_{scale}", input, 72, kernel: 1, ActivationLayers.ReLU);
            Value classes = Blocks5(net, $"fpn.cls_head_{scale}", reduced);
            Value boxes = Blocks5(net, $"fpn.reg_head_{scale}", reduced);
            net.Conv2d("output_reg_layers", boxes, 12, kernel: 1, bias: true);
            net.Conv2d("output_obj_layers", classes, 3, kernel: 1, bias: true);
            last = net.Conv2d("output_cls_layers", classes, null, kernel: 1, bias: true);
        }

        return last;
    }

    // Two separable convolutions of 5×5.
    private static Value Blocks5(TorchNetwork net, string name, Value input)
    {
        Value x = Depthwise(net, $"{name}.block", input, 0);
        x = net.BatchNorm2d($"{name}.block.4", net.Conv2d($"{name}.block.3", x, input.Channels, kernel: 1));
        x = Depthwise(net, $"{name}.block", x, 5);
        return net.BatchNorm2d($"{name}.block.9", net.Conv2d($"{name}.block.8", x, input.Channels, kernel: 1));
    }
}
