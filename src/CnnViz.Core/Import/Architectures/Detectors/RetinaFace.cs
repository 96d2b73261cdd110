using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures.Detectors;

/// <summary>RetinaFace (Deng et al. 2020) on a MobileNet of a quarter of the usual width, under the names of biubug6/Pytorch_Retinaface.</summary>
internal static class RetinaFace
{
    private const long Channels = 64;

    private static readonly (long Channels, long Stride)[][] s_stages =
    [
        [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1)],
        [(128, 2), (128, 1), (128, 1), (128, 1), (128, 1), (128, 1)],
        [(256, 2), (256, 1)],
    ];

    public static IEnumerable<Architecture> All { get; } =
    [
        new("retinaface_mobilenet", Describe)
        {
            InputSize = 640,
            Preprocessing = Preprocessing.Caffe with { Source = PreprocessingSource.Convention },
        },
    ];

    private static Value Describe(TorchNetwork net)
    {
        Value x = net.ConvNormActivation("body.stage1.0", net.Image, 8, kernel: 3, Leaky, stride: 2);
        var maps = new List<Value>();
        for (int stage = 0; stage < s_stages.Length; stage++)
        {
            for (int i = 0; i < s_stages[stage].Length; i++)
            {
                (long channels, long stride) = s_stages[stage][i];
                x = net.SeparableConvolution($"body.stage{stage + 1}.{(stage == 0 ? i + 1 : i)}", x, channels, Leaky, stride);
            }

            maps.Add(x);
        }

        Value[] features = Pyramid(net, maps);
        Value last = x;
        for (int level = 0; level < features.Length; level++)
        {
            Value feature = Context(net, $"ssh{level + 1}", features[level]);
            net.Conv2d($"BboxHead.{level}.conv1x1", feature, 8, kernel: 1, bias: true);
            net.Conv2d($"LandmarkHead.{level}.conv1x1", feature, 20, kernel: 1, bias: true);
            last = net.Conv2d($"ClassHead.{level}.conv1x1", feature, 4, kernel: 1, bias: true);
        }

        return last;
    }

    private static Value[] Pyramid(TorchNetwork net, List<Value> maps)
    {
        Value[] levels = [.. maps.Select((map, i) => net.ConvNormActivation($"fpn.output{i + 1}", map, Channels, kernel: 1, Leaky))];
        for (int i = 1; i >= 0; i--)
        {
            Value sum = net.Add("fpn.add", levels[i], net.UpsampleNearest("fpn.interpolate", levels[i + 1], 2, 2));
            levels[i] = net.ConvNormActivation($"fpn.merge{i + 1}", sum, Channels, kernel: 3, Leaky);
        }

        return levels;
    }

    // One, two and three convolutions of 3×3 side by side (Najibi et al. 2017).
    private static Value Context(TorchNetwork net, string name, Value input)
    {
        Value small = net.ConvNormActivation($"{name}.conv3X3", input, Channels / 2, kernel: 3);
        Value x = net.ConvNormActivation($"{name}.conv5X5_1", input, Channels / 4, kernel: 3, Leaky);
        Value middle = net.ConvNormActivation($"{name}.conv5X5_2", x, Channels / 4, kernel: 3);
        x = net.ConvNormActivation($"{name}.conv7X7_2", x, Channels / 4, kernel: 3, Leaky);
        Value large = net.ConvNormActivation($"{name}.conv7x7_3", x, Channels / 4, kernel: 3);
        return net.ReLU($"{name}.relu", net.Concat($"{name}.cat", small, middle, large));
    }

    private static Value Leaky(NetworkBuilder net, string name, Value input) => net.LeakyReLU(name, input, 0.1);
}
