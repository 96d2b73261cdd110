using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>EfficientNet (Tan, Le 2019) and EfficientNet v2 (Tan, Le 2021).</summary>
internal static class EfficientNet
{
    private static readonly Stage[] s_b0 =
    [
        new(1, 3, 1, 16, 1), new(6, 3, 2, 24, 2), new(6, 5, 2, 40, 2), new(6, 3, 2, 80, 3), new(6, 5, 1, 112, 3), new(6, 5, 2, 192, 4),
        new(6, 3, 1, 320, 1),
    ];

    private static readonly (double Width, double Depth, int Size)[] s_scales =
    [
        (1.0, 1.0, 224), (1.0, 1.1, 240), (1.1, 1.2, 288), (1.2, 1.4, 300), (1.4, 1.8, 380), (1.6, 2.2, 456), (1.8, 2.6, 528), (2.0, 3.1, 600),
    ];

    private static readonly Stage[] s_small =
    [
        new(1, 3, 1, 24, 2, Fused: true), new(4, 3, 2, 48, 4, Fused: true), new(4, 3, 2, 64, 4, Fused: true),
        new(4, 3, 2, 128, 6), new(6, 3, 1, 160, 9), new(6, 3, 2, 256, 15),
    ];

    private static readonly Stage[] s_medium =
    [
        new(1, 3, 1, 24, 3, Fused: true), new(4, 3, 2, 48, 5, Fused: true), new(4, 3, 2, 80, 5, Fused: true),
        new(4, 3, 2, 160, 7), new(6, 3, 1, 176, 14), new(6, 3, 2, 304, 18), new(6, 3, 1, 512, 5),
    ];

    private static readonly Stage[] s_large =
    [
        new(1, 3, 1, 32, 4, Fused: true), new(4, 3, 2, 64, 7, Fused: true), new(4, 3, 2, 96, 7, Fused: true),
        new(4, 3, 2, 192, 10), new(6, 3, 1, 224, 19), new(6, 3, 2, 384, 25), new(6, 3, 1, 640, 7),
    ];

    private static readonly KeyLayout[] s_layouts = [EfficientNetKeys.Timm];

    public static IEnumerable<Architecture> All { get; } =
    [
        .. s_scales.Select((scale, b) => Scaled($"efficientnet_b{b}", scale.Width, scale.Depth, scale.Size) with
        {
            Layouts = b < 5 ? s_layouts : [],
            Epsilon = b < 5 ? 1e-5 : 1e-3,
        }),
        new("efficientnet_v2_s", net => Describe(net, 24, s_small, 1280)) { InputSize = 384, Epsilon = 1e-3 },
        new("efficientnet_v2_m", net => Describe(net, 24, s_medium, 1280)) { InputSize = 480, Epsilon = 1e-3 },
        new("efficientnet_v2_l", net => Describe(net, 32, s_large, 1280))
        {
            InputSize = 480,
            Epsilon = 1e-3,
            Preprocessing = Preprocessing.Symmetric with { Source = PreprocessingSource.Convention },
        },
    ];

    /// <summary>
    /// The networks of TensorFlow, with its padding and its epsilon. Their keys are Hugging Face's, or timm's, which are those of its others as well.
    /// </summary>
    public static IEnumerable<Architecture> TensorFlow { get; } =
    [
        .. All.Where(architecture => architecture.Name.StartsWith("efficientnet_b", StringComparison.Ordinal)).Select(architecture =>
            architecture with
            {
                Name = $"tf_{architecture.Name}",
                Epsilon = 1e-3,
                Layouts = [.. s_layouts, EfficientNetKeys.HuggingFace(DepthsOf(s_scales[architecture.Name[^1] - '0'].Depth))],
                PadsAsTensorFlow = true,
            }),
    ];

    private static int[] DepthsOf(double depth) => [.. s_b0.Select(stage => (int)Math.Ceiling(stage.Depth * depth))];

    private static Architecture Scaled(string name, double width, double depth, int size)
    {
        Stage[] stages = [.. s_b0.Select(stage => stage with
        {
            Channels = Blocks.MakeDivisible(stage.Channels * width),
            Depth = (int)Math.Ceiling(stage.Depth * depth),
        })];
        return new(name, net => Describe(net, Blocks.MakeDivisible(32 * width), stages, 4 * stages[^1].Channels)) { InputSize = size };
    }

    private static Value Describe(TorchNetwork net, long first, Stage[] stages, long last)
    {
        Value x = net.ConvNormActivation("features.0", net.Image, first, kernel: 3, ActivationLayers.SiLU, stride: 2);
        for (int i = 0; i < stages.Length; i++)
        {
            for (int block = 0; block < stages[i].Depth; block++)
            {
                Stage stage = block == 0 ? stages[i] : stages[i] with { Stride = 1 };
                string name = $"features.{i + 1}.{block}";
                Value output = stage.Fused ? Fused(net, $"{name}.block", x, stage) : Bottleneck(net, $"{name}.block", x, stage);
                x = net.Residual(name, x, output, stage.Stride);
            }
        }

        x = net.ConvNormActivation($"features.{stages.Length + 1}", x, last, kernel: 1, ActivationLayers.SiLU);
        return net.PooledLinear(x, "avgpool", "classifier.1");
    }

    private static Value Bottleneck(TorchNetwork net, string name, Value input, Stage stage)
    {
        long inner = Blocks.MakeDivisible(input.Channels!.Value * stage.Expansion);
        int place = 0;
        Value x = input;
        if (inner != input.Channels)
        {
            x = net.ConvNormActivation($"{name}.{place++}", x, inner, kernel: 1, ActivationLayers.SiLU);
        }

        x = net.ConvNormActivation($"{name}.{place++}", x, inner, stage.Kernel, ActivationLayers.SiLU, stage.Stride, groups: inner);
        long squeezed = Math.Max(1, input.Channels.Value / 4);
        x = net.SqueezeExcitation($"{name}.{place++}", x, squeezed, ActivationLayers.SiLU, ActivationLayers.Sigmoid);
        return net.ConvNormActivation($"{name}.{place}", x, stage.Channels, kernel: 1);
    }

    // One convolution in the place of the first two.
    private static Value Fused(TorchNetwork net, string name, Value input, Stage stage)
    {
        long inner = Blocks.MakeDivisible(input.Channels!.Value * stage.Expansion);
        if (inner == input.Channels)
        {
            return net.ConvNormActivation($"{name}.0", input, stage.Channels, stage.Kernel, ActivationLayers.SiLU, stage.Stride);
        }

        Value x = net.ConvNormActivation($"{name}.0", input, inner, stage.Kernel, ActivationLayers.SiLU, stage.Stride);
        return net.ConvNormActivation($"{name}.1", x, stage.Channels, kernel: 1);
    }

    private sealed record Stage(long Expansion, long Kernel, long Stride, long Channels, int Depth, bool Fused = false);
}
