using CnnViz.Import.Networks;
using CnnViz.Networks;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.Architectures.Detectors;

/// <summary>
/// Face detectors of one megabyte: Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB, and biubug6/Face-Detector-1MB-with-landmark, which
/// gives points of the face as well. Each with a receptive field block (Liu et al. 2018) or, called slim, without.
/// </summary>
internal static class UltraFace
{
    private static readonly (long Channels, long Stride)[] s_stages =
        [(32, 1), (32, 2), (32, 1), (64, 2), (64, 1), (64, 1), (64, 1), (128, 2), (128, 1), (128, 1), (256, 2), (256, 1)];

    private const int Block = 7;

    private static readonly int[] s_sources = [7, 10, 12];

    // Anchors of each level.
    private static readonly int[] s_anchors = [3, 2, 2, 3];

    private static readonly Preprocessing s_centred =
        new() { Name = "UltraFace", Scale = 255, Mean = [127], Std = [128], Source = PreprocessingSource.Convention };

    private static readonly Names s_plain = new(i => $"base_net.{i}", "extras.0", "classification_headers", "regression_headers", null);
    private static readonly Names s_landmarks = new(i => $"conv{i + 1}", "conv14", "conf", "loc", "landm");

    public static IEnumerable<Architecture> All { get; } =
    [
        Of("ultraface_rfb", s_plain, hasBlock: true),
        Of("ultraface_slim", s_plain, hasBlock: false),
        OfLandmarks("ultraface_rfb_landmarks", hasBlock: true),
        OfLandmarks("ultraface_slim_landmarks", hasBlock: false),
    ];

    private static Architecture Of(string name, Names names, bool hasBlock) => new(name, net => Describe(net, names, hasBlock))
    {
        InputSize = 240,
        InputWidth = 320,
        Preprocessing = s_centred,
    };

    private static Architecture OfLandmarks(string name, bool hasBlock) => Of(name, s_landmarks, hasBlock) with
    {
        InputSize = 320,
        InputWidth = null,
        Preprocessing = Preprocessing.Caffe with { Source = PreprocessingSource.Convention },
    };

    private static Value Describe(TorchNetwork net, Names names, bool hasBlock)
    {
        Value x = net.ConvNormActivation(names.Stage(0), net.Image, 16, kernel: 3, ActivationLayers.ReLU, stride: 2);
        Value last = x;
        for (int i = 1; i <= s_stages.Length; i++)
        {
            (long channels, long stride) = s_stages[i - 1];
            x = hasBlock && i == Block
                ? ReceptiveField(net, names.Stage(i), x)
                : net.SeparableConvolution(names.Stage(i), x, channels, ActivationLayers.ReLU, stride);
            int level = Array.IndexOf(s_sources, i);
            last = level >= 0 ? Heads(net, names, level, x) : last;
        }

        x = net.ReLU($"{names.Extra}.1", net.Conv2d($"{names.Extra}.0", x, 64, kernel: 1, bias: true));
        x = net.ReLU($"{names.Extra}.3", Separable(net, $"{names.Extra}.2", x, 256, stride: 2));
        return Heads(net, names, level: 3, x);
    }

    private static Value Heads(TorchNetwork net, Names names, int level, Value x)
    {
        Head(net, $"{names.Box}.{level}", x, 4 * s_anchors[level], level);
        if (names.Landmark is { } landmark)
        {
            Head(net, $"{landmark}.{level}", x, 10 * s_anchors[level], level);
        }

        return Head(net, $"{names.Class}.{level}", x, null, level);
    }

    private static Value Head(TorchNetwork net, string name, Value x, long? channels, int level) => level == 3
        ? net.Conv2d(name, x, channels, kernel: 3, padding: 1, bias: true)
        : Separable(net, name, x, channels, stride: 1);

    // With biases, and without normalization.
    private static Value Separable(TorchNetwork net, string name, Value input, long? channels, long stride)
    {
        Value x = net.Conv2d($"{name}.0", input, input.Channels, kernel: 3, stride, padding: 1, groups: input.Channels!.Value, bias: true);
        return net.Conv2d($"{name}.2", net.ReLU($"{name}.1", x), channels, kernel: 1, bias: true);
    }

    // Three branches that see 5, 7 and 11 pixels in steps of 2, 3 and 5.
    private static Value ReceptiveField(TorchNetwork net, string name, Value input)
    {
        (long Channels, long Dilation)[][] branches =
        [
            [(8, 0), (16, 1), (16, 2)], [(8, 0), (16, 1), (16, 3)], [(8, 0), (12, 1), (16, 1), (16, 5)],
        ];
        Value[] values = [.. branches.Select((branch, b) =>
        {
            Value x = input;
            for (int i = 0; i < branch.Length; i++)
            {
                bool isInner = i > 0 && i < branch.Length - 1;
                x = Basic(net, $"{name}.branch{b}.{i}", x, branch[i].Channels, branch[i].Dilation, isInner);
            }

            return x;
        })];
        Value joined = Basic(net, $"{name}.ConvLinear", net.Concat($"{name}.cat", values), input.Channels!.Value);
        Value shortcut = Basic(net, $"{name}.shortcut", input, input.Channels.Value);
        return net.ReLU($"{name}.relu", net.Add($"{name}.add", joined, shortcut));
    }

    // Without dilation, it is of 1×1.
    private static Value Basic(TorchNetwork net, string name, Value input, long channels, long dilation = 0, bool isActivated = false)
    {
        Window window = dilation == 0 ? Windows.Square(1) : Windows.Square(3, padding: dilation, dilation: dilation);
        Value x = net.BatchNorm2d($"{name}.bn", net.Conv2d($"{name}.conv", input, channels, window));
        return isActivated ? net.ReLU($"{name}.relu", x) : x;
    }

    private sealed record Names(Func<int, string> Stage, string Extra, string Class, string Box, string? Landmark);
}
