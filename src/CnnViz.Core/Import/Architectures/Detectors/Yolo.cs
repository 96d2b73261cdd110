using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures.Detectors;

/// <summary>
/// YOLOv5 (since its version 6) and YOLOv8 of Ultralytics, in any width and depth, as detector, classifier, or with masks and points. The decoding
/// of the boxes is left to their program.
/// </summary>
internal static class Yolo
{
    private static readonly Preprocessing s_unit = Preprocessing.Unit with { Source = PreprocessingSource.Convention };

    /// <summary>Widths and depths are those of the file.</summary>
    public static IEnumerable<Architecture> Families { get; } =
    [
        new("yolov5", DescribeV5)
        {
            InputSize = 640, Epsilon = 1e-3, Preprocessing = s_unit, TrainingOnly = ["24.anchor", "24.stride"],
        },
        new("yolov8", DescribeV8) { InputSize = 640, Epsilon = 1e-3, Preprocessing = s_unit, TrainingOnly = ["22.dfl."] },
        new("yolov5_cls", net => Classify(net, Backbone(net, Joined, length: 9)[^1])) { Epsilon = 1e-3, Preprocessing = s_unit },
        new("yolov8_cls", net => Classify(net, Backbone(net, Split, length: 9)[^1])) { Epsilon = 1e-3, Preprocessing = s_unit },
    ];

    private delegate Value Stage(TorchNetwork net, string name, Value input, bool hasShortcuts);

    private static Value DescribeV5(TorchNetwork net)
    {
        List<Value> maps = Backbone(net, Joined, length: 10);
        Value fine = Conv(net, "10", maps[9]);
        Value x = net.Concat("12", net.UpsampleNearest("11", fine, 2, 2), maps[6]);
        Value finer = Conv(net, "14", Joined(net, "13", x, hasShortcuts: false));
        x = Joined(net, "17", net.Concat("16", net.UpsampleNearest("15", finer, 2, 2), maps[4]), hasShortcuts: false);
        Value middle = Joined(net, "20", net.Concat("19", Conv(net, "18", x, 2), finer), hasShortcuts: false);
        Value coarse = Joined(net, "23", net.Concat("22", Conv(net, "21", middle, 2), fine), hasShortcuts: false);
        Value[] outputs = [.. new[] { x, middle, coarse }.Select((map, level) => Plain(net, $"24.m.{level}", map))];
        return outputs[^1];
    }

    private static Value DescribeV8(TorchNetwork net)
    {
        List<Value> maps = Backbone(net, Split, length: 10);
        Value fine = Split(net, "12", net.Concat("11", net.UpsampleNearest("10", maps[9], 2, 2), maps[6]), hasShortcuts: false);
        Value x = Split(net, "15", net.Concat("14", net.UpsampleNearest("13", fine, 2, 2), maps[4]), hasShortcuts: false);
        Value middle = Split(net, "18", net.Concat("17", Conv(net, "16", x, 2), fine), hasShortcuts: false);
        Value coarse = Split(net, "21", net.Concat("20", Conv(net, "19", middle, 2), maps[9]), hasShortcuts: false);
        Value[] levels = [x, middle, coarse];
        if (net.Has("22.proto.cv1.conv.weight"))
        {
            Value mask = Conv(net, "22.proto.cv1", x);
            mask = net.ConvTranspose2d("22.proto.upsample", mask, Windows.Square(2, stride: 2), default, groups: 1);
            Conv(net, "22.proto.cv3", Conv(net, "22.proto.cv2", mask));
        }

        // Boxes, coefficients or points where there are any, and classes.
        string[] heads = [.. new[] { "22.cv2", "22.cv4", "22.cv3" }.Where(head => head != "22.cv4" || net.Has("22.cv4.0.2.weight"))];
        Value[] outputs = [.. heads.SelectMany(head => levels.Select((map, level) => Head(net, $"{head}.{level}", map)))];
        return outputs[^1];
    }

    private static Value Head(TorchNetwork net, string name, Value input) =>
        Plain(net, $"{name}.2", Conv(net, $"{name}.1", Conv(net, $"{name}.0", input)));

    // Five halvings, four of them with a stage behind; then, in a detector, poolings of several sizes.
    private static List<Value> Backbone(TorchNetwork net, Stage stage, int length)
    {
        var maps = new List<Value>();
        Value x = net.Image;
        for (int i = 0; i < length; i++)
        {
            x = i == 9 ? Pyramid(net, "9", x)
                : i > 0 && i % 2 == 0 ? stage(net, $"{i}", x, hasShortcuts: true)
                : Conv(net, $"{i}", x, stride: 2);
            maps.Add(x);
        }

        return maps;
    }

    private static Value Pyramid(TorchNetwork net, string name, Value input)
    {
        Value x = Conv(net, $"{name}.cv1", input);
        var parts = new List<Value> { x };
        for (int i = 0; i < 3; i++)
        {
            x = net.MaxPool2d($"{name}.m", x, Windows.Square(5, stride: 1, padding: 2));
            parts.Add(x);
        }

        return Conv(net, $"{name}.cv2", net.Concat($"{name}.cat", [.. parts]));
    }

    // C3: bottlenecks on one half of the channels.
    private static Value Joined(TorchNetwork net, string name, Value input, bool hasShortcuts)
    {
        Value x = Conv(net, $"{name}.cv1", input);
        int depth = net.CountOf(i => $"{name}.m.{i}.cv1.conv.weight");
        for (int i = 0; i < depth; i++)
        {
            x = Bottleneck(net, $"{name}.m.{i}", x, hasShortcuts);
        }

        return Conv(net, $"{name}.cv3", net.Concat($"{name}.cat", x, Conv(net, $"{name}.cv2", input)));
    }

    // C2f: bottlenecks one behind the other, and what each of them gives.
    private static Value Split(TorchNetwork net, string name, Value input, bool hasShortcuts)
    {
        Value x = Conv(net, $"{name}.cv1", input);
        long half = x.Channels!.Value / 2;
        List<Value> parts = [net.SliceChannels($"{name}.chunk", x, 0, half), net.SliceChannels($"{name}.chunk", x, half, 2 * half)];
        int depth = net.CountOf(i => $"{name}.m.{i}.cv1.conv.weight");
        for (int i = 0; i < depth; i++)
        {
            parts.Add(Bottleneck(net, $"{name}.m.{i}", parts[^1], hasShortcuts));
        }

        return Conv(net, $"{name}.cv2", net.Concat($"{name}.cat", [.. parts]));
    }

    private static Value Bottleneck(TorchNetwork net, string name, Value input, bool hasShortcut)
    {
        Value x = Conv(net, $"{name}.cv2", Conv(net, $"{name}.cv1", input));
        return hasShortcut && x.Channels == input.Channels ? net.Add($"{name}.add", input, x) : x;
    }

    private static Value Classify(TorchNetwork net, Value maps)
    {
        Value x = Conv(net, "9.conv", maps);
        return net.Head(x, y => net.Linear("9.linear", net.Flatten("9.flatten", net.GlobalAvgPool2d("9.pool", y), positions: 1)));
    }

    private static Value Plain(TorchNetwork net, string name, Value input) =>
        net.Conv2d(name, input, net.SizeOf($"{name}.weight"), kernel: 1, bias: true);

    // The first kernel may be of 6 pixels, with 2 of padding.
    private static Value Conv(TorchNetwork net, string name, Value input, long stride = 1)
    {
        string key = $"{name}.conv.weight";
        long kernel = net.SizeOf(key, 2);
        Value x = net.Conv2d($"{name}.conv", input, net.SizeOf(key), kernel, stride, padding: kernel == 6 ? 2 : kernel / 2);
        return net.SiLU($"{name}.act", net.BatchNorm2d($"{name}.bn", x));
    }
}
