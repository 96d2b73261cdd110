using System.Text.RegularExpressions;
using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>MobileNet v2 (Sandler et al. 2018).</summary>
internal static class MobileNetV2
{
    private static readonly (long Expansion, long Channels, int Depth, long Stride)[] s_stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    // timm's mobilenetv2_100. Its stages are those here, but each block has its parts under their own names.
    private static readonly KeyLayout s_timm = KeyLayout.Of(
        "timm",
        (@"^conv_stem\.", _ => "features.0.0."),
        (@"^bn1\.", _ => "features.0.1."),
        (@"^blocks\.([0-6])\.(\d+)\.(conv_pw|conv_dw|conv_pwl|bn[123])\.", Part),
        (@"^conv_head\.", _ => "features.18.0."),
        (@"^bn2\.", _ => "features.18.1."),
        (@"^classifier\.", _ => "classifier.1."));

    private static readonly KeyLayout s_huggingFace = KeyLayout.Of(
        "Hugging Face",
        (@"^(?:mobilenet_v2\.)?conv_stem\.first_conv\.(\w+)\.", match => $"features.0.{Place(match, 1)}."),
        (@"^(?:mobilenet_v2\.)?conv_stem\.(conv_3x3|reduce_1x1)\.(\w+)\.",
            match => $"features.1.conv.{(match.Groups[1].Value == "conv_3x3" ? $"0.{Place(match, 2)}" : $"{1 + Place(match, 2)}")}."),
        (@"^(?:mobilenet_v2\.)?layer\.(\d+)\.(expand_1x1|conv_3x3|reduce_1x1)\.(\w+)\.", OfLayer),
        (@"^(?:mobilenet_v2\.)?conv_1x1\.(\w+)\.", match => $"features.18.{Place(match, 1)}."),
        (@"^classifier\.", _ => "classifier.1."));

    public static IEnumerable<Architecture> All { get; } = [new("mobilenet_v2", Describe) { Layouts = [s_timm] }];

    /// <summary>Any width.</summary>
    public static Architecture Family { get; } = new("mobilenetv2", net => DescribeAny(net)) { Layouts = [s_timm] };

    /// <summary>TensorFlow's networks of any width, with its padding and its epsilon, as Hugging Face has them.</summary>
    public static Architecture TensorFlow { get; } = new("tf_mobilenetv2", net => DescribeAny(net, hasFirstShortcut: false))
    {
        Layouts = [s_huggingFace],
        Epsilon = 1e-3,
        PadsAsTensorFlow = true,
        Preprocessing = Preprocessing.Symmetric with { Source = PreprocessingSource.Convention },
    };

    private static int Place(Match match, int group) => match.Groups[group].Value == "convolution" ? 0 : 1;

    private static string OfLayer(Match match) =>
        $"features.{KeyLayout.Number(match, 1) + 2}.conv.{match.Groups[2].Value switch
        {
            "expand_1x1" => $"0.{Place(match, 3)}",
            "conv_3x3" => $"1.{Place(match, 3)}",
            _ => $"{2 + Place(match, 3)}",
        }}.";

    private static string Part(Match match)
    {
        (int stage, int block) = (KeyLayout.Number(match, 1), KeyLayout.Number(match, 2));
        int place = 1 + s_stages[..stage].Sum(earlier => earlier.Depth) + block;
        string part = (stage, match.Groups[3].Value) switch
        {
            (0, "conv_dw") or (> 0, "conv_pw") => "0.0",
            (_, "bn1") => "0.1",
            (0, "conv_pw") => "1",
            (0, _) => "2",
            (_, "conv_dw") => "1.0",
            (_, "bn2") => "1.1",
            (_, "conv_pwl") => "2",
            _ => "3",
        };
        return $"features.{place}.conv.{part}.";
    }

    private static Value Describe(TorchNetwork net) =>
        Describe(net, 32, (_, input, stage) => (stage.Expansion * input, stage.Channels), 1280);

    // Where the first block has as many channels as the image's convolution, it has a shortcut, but for Hugging Face's.
    private static Value DescribeAny(TorchNetwork net, bool hasFirstShortcut = true) => Describe(
        net,
        net.SizeOf("features.0.0.weight"),
        (name, _, stage) => stage.Expansion == 1
            ? (net.SizeOf($"{name}.conv.0.0.weight"), net.SizeOf($"{name}.conv.1.weight"))
            : (net.SizeOf($"{name}.conv.1.0.weight"), net.SizeOf($"{name}.conv.2.weight")),
        net.SizeOf("features.18.0.weight"),
        hasFirstShortcut);

    private static Value Describe(
        TorchNetwork net,
        long first,
        Func<string, long, (long Expansion, long Channels), (long Inner, long Channels)> widthsOf,
        long last,
        bool hasFirstShortcut = true)
    {
        Value x = net.ConvNormActivation("features.0", net.Image, first, kernel: 3, ActivationLayers.ReLU6, stride: 2);
        int place = 1;
        foreach ((long expansion, long channels, int depth, long stride) in s_stages)
        {
            for (int i = 0; i < depth; i++)
            {
                string name = $"features.{place++}";
                (long inner, long width) = widthsOf(name, x.Channels!.Value, (expansion, channels));
                long step = i == 0 ? stride : 1;
                Value output = InvertedResidual(net, name, x, expansion != 1, inner, width, step);
                x = place > 2 || hasFirstShortcut ? net.Residual(name, x, output, step) : output;
            }
        }

        x = net.ConvNormActivation($"features.{place}", x, last, kernel: 1, ActivationLayers.ReLU6);
        return net.PooledLinear(x, "adaptive_avg_pool2d", "classifier.1");
    }

    private static Value InvertedResidual(
        TorchNetwork net, string name, Value input, bool expands, long inner, long channels, long stride)
    {
        int place = 0;
        Value x = input;
        if (expands)
        {
            x = net.ConvNormActivation($"{name}.conv.{place++}", x, inner, kernel: 1, ActivationLayers.ReLU6);
        }

        x = net.ConvNormActivation($"{name}.conv.{place++}", x, inner, kernel: 3, ActivationLayers.ReLU6, stride, groups: inner);
        x = net.Conv2d($"{name}.conv.{place++}", x, channels, kernel: 1);
        return net.BatchNorm2d($"{name}.conv.{place}", x);
    }
}
