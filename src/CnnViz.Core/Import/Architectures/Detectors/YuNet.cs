using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures.Detectors;

/// <summary>YuNet (Wu et al. 2023), the face detector of libfacedetection and OpenCV, in any width, under the names of its training program.</summary>
internal static class YuNet
{
    private const int Units = 6;
    private const int Levels = 3;

    /// <summary>Widths are those of the file.</summary>
    public static Architecture Family { get; } = new("yunet", Describe)
    {
        InputSize = 320,
        Preprocessing = Preprocessing.None with { Name = "YuNet", ChannelOrder = ChannelOrder.Bgr, Source = PreprocessingSource.Convention },
    };

    private static Value Describe(TorchNetwork net)
    {
        const string stem = "backbone.model0";
        Value x = net.Conv2d($"{stem}.conv1", net.Image, net.SizeOf($"{stem}.conv1.weight"), kernel: 3, stride: 2, padding: 1, bias: true);
        x = Unit(net, $"{stem}.conv2", net.ReLU($"{stem}.relu1", net.BatchNorm2d($"{stem}.bn1", x)));
        var maps = new List<Value>();
        for (int i = 1; i < Units; i++)
        {
            bool isShrunkBefore = i is 1 or 3 or 4 or 5;
            x = isShrunkBefore ? net.MaxPool2d("backbone.max_pool2d", x, Windows.Square(2, stride: 2)) : x;
            x = Unit(net, $"backbone.model{i}.conv2", Unit(net, $"backbone.model{i}.conv1", x));
            maps.Add(x);
        }

        Value[] levels = TopDown(net, [.. maps.TakeLast(Levels)]);
        Value[] classes = [.. levels.Select((map, level) => Heads(net, level, map))];
        return classes[^1];
    }

    private static Value[] TopDown(TorchNetwork net, Value[] maps)
    {
        for (int i = maps.Length - 1; i > 0; i--)
        {
            maps[i] = Unit(net, $"neck.lateral_convs.{i}", maps[i]);
            maps[i - 1] = net.Add("neck.add", maps[i - 1], net.UpsampleNearest("neck.interpolate", maps[i], 2, 2));
        }

        maps[0] = Unit(net, "neck.lateral_convs.0", maps[0]);
        return maps;
    }

    // Boxes, whether there is an object, points of the face where the file has them, and the class.
    private static Value Heads(TorchNetwork net, int level, Value input)
    {
        Value x = input;
        for (int i = 0; net.Has($"bbox_head.multi_level_share_convs.{level}.{i}.conv1.weight"); i++)
        {
            x = Unit(net, $"bbox_head.multi_level_share_convs.{level}.{i}", x);
        }

        Separable(net, $"bbox_head.multi_level_bbox.{level}", x);
        Separable(net, $"bbox_head.multi_level_obj.{level}", x);
        if (net.Has($"bbox_head.multi_level_kps.{level}.conv1.weight"))
        {
            Separable(net, $"bbox_head.multi_level_kps.{level}", x);
        }

        return Separable(net, $"bbox_head.multi_level_cls.{level}", x);
    }

    private static Value Unit(TorchNetwork net, string name, Value input) =>
        net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn", Separable(net, name, input)));

    // The convolution of 1×1 comes first here.
    private static Value Separable(TorchNetwork net, string name, Value input)
    {
        long channels = net.SizeOf($"{name}.conv1.weight");
        Value x = net.Conv2d($"{name}.conv1", input, channels, kernel: 1, bias: true);
        return net.Conv2d($"{name}.conv2", x, channels, kernel: 3, padding: 1, groups: channels, bias: true);
    }
}
