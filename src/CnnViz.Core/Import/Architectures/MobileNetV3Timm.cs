using System.Globalization;
using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>
/// MobileNet v3 (Howard et al. 2019) as timm has it: of several widths, with a convolution in the place of the first dense layer. Layers have timm's names.
/// The networks of TensorFlow pad in another way and have another epsilon; those called minimal have no gates, and ReLU alone.
/// </summary>
internal static class MobileNetV3Timm
{
    // Kernel, expanded channels as a multiple of the input's, channels, stride, gate, hard swish; by stages.
    private static readonly Block[][] s_large =
    [
        [new(3, 1, 16, 1)],
        [new(3, 4, 24, 2), new(3, 3, 24, 1)],
        [new(5, 3, 40, 2, Gate: true), new(5, 3, 40, 1, Gate: true), new(5, 3, 40, 1, Gate: true)],
        [new(3, 6, 80, 2, Hard: true), new(3, 2.5, 80, 1, Hard: true), new(3, 2.3, 80, 1, Hard: true), new(3, 2.3, 80, 1, Hard: true)],
        [new(3, 6, 112, 1, Gate: true, Hard: true), new(3, 6, 112, 1, Gate: true, Hard: true)],
        [new(5, 6, 160, 2, Gate: true, Hard: true), new(5, 6, 160, 1, Gate: true, Hard: true), new(5, 6, 160, 1, Gate: true, Hard: true)],
    ];

    private static readonly Block[][] s_small =
    [
        [new(3, 1, 16, 2, Gate: true)],
        [new(3, 4.5, 24, 2), new(3, 3.67, 24, 1)],
        [new(5, 4, 40, 2, Gate: true, Hard: true), new(5, 6, 40, 1, Gate: true, Hard: true), new(5, 6, 40, 1, Gate: true, Hard: true)],
        [new(5, 3, 48, 1, Gate: true, Hard: true), new(5, 3, 48, 1, Gate: true, Hard: true)],
        [new(5, 6, 96, 2, Gate: true, Hard: true), new(5, 6, 96, 1, Gate: true, Hard: true), new(5, 6, 96, 1, Gate: true, Hard: true)],
    ];

    private static readonly Sizes s_largeSizes = new(s_large, 960, 1280);
    private static readonly Sizes s_smallSizes = new(s_small, 576, 1024);

    public static IEnumerable<Architecture> All { get; } =
    [
        Of("mobilenetv3_large", s_largeSizes, 75), Of("mobilenetv3_large", s_largeSizes, 100),
        Of("mobilenetv3_small", s_smallSizes, 50), Of("mobilenetv3_small", s_smallSizes, 75), Of("mobilenetv3_small", s_smallSizes, 100),
        AsTensorFlow(Of("tf_mobilenetv3_large_minimal", Minimal(s_largeSizes), 100)),
        AsTensorFlow(Of("tf_mobilenetv3_small_minimal", Minimal(s_smallSizes), 100)),
    ];

    /// <summary>timm's copies of the networks of TensorFlow. Their keys and shapes are those of its others.</summary>
    public static IEnumerable<Architecture> TensorFlow { get; } =
    [
        .. All.Where(architecture => !architecture.PadsAsTensorFlow && !architecture.Name.EndsWith("050", StringComparison.Ordinal))
            .Select(architecture => AsTensorFlow(architecture with { Name = $"tf_{architecture.Name}" })),
    ];

    private static Architecture Of(string name, Sizes sizes, int percent) => new(
        string.Create(CultureInfo.InvariantCulture, $"{name}_{percent:000}"), net => Describe(net, sizes, percent / 100.0));

    private static Architecture AsTensorFlow(Architecture architecture) => architecture with { Epsilon = 1e-3, PadsAsTensorFlow = true };

    private static Sizes Minimal(Sizes sizes) => sizes with
    {
        IsMinimal = true,
        Stages = [.. sizes.Stages.Select(stage => stage.Select(block => block with { Kernel = 3, Gate = false, Hard = false }).ToArray())],
    };

    private static Value Describe(TorchNetwork net, Sizes sizes, double width)
    {
        long Scaled(long channels) => Blocks.MakeDivisible(channels * width);
        Activation activation = sizes.IsMinimal ? ActivationLayers.ReLU : ActivationLayers.Hardswish;
        Value x = net.Conv2d("conv_stem", net.Image, width < 0.75 ? 16 : Scaled(16), kernel: 3, stride: 2, padding: 1);
        x = activation(net, "bn1.act", net.BatchNorm2d("bn1", x));
        for (int stage = 0; stage < sizes.Stages.Length; stage++)
        {
            for (int i = 0; i < sizes.Stages[stage].Length; i++)
            {
                Block block = sizes.Stages[stage][i];
                x = Residual(net, $"blocks.{stage}.{i}", x, block with { Channels = Scaled(block.Channels) });
            }
        }

        string last = $"blocks.{sizes.Stages.Length}.0";
        x = net.BatchNorm2d($"{last}.bn1", net.Conv2d($"{last}.conv", x, Scaled(sizes.Last), kernel: 1));
        x = activation(net, $"{last}.bn1.act", x);
        return net.Head(x, maps =>
        {
            Value head = net.Conv2d("conv_head", net.GlobalAvgPool2d("global_pool", maps), sizes.Units, kernel: 1, bias: true);
            return net.Linear("classifier", net.Flatten("flatten", activation(net, "act2", head), positions: 1));
        },
        activation);
    }

    // The first stage does not expand.
    private static Value Residual(TorchNetwork net, string name, Value input, Block sizes)
    {
        Activation activation = sizes.Hard ? ActivationLayers.Hardswish : ActivationLayers.ReLU;
        bool expands = sizes.Expansion > 1;
        long inner = expands ? Blocks.MakeDivisible(input.Channels!.Value * sizes.Expansion) : input.Channels!.Value;
        int number = 1;
        Value x = input;
        if (expands)
        {
            x = Norm(net.Conv2d($"{name}.conv_pw", x, inner, kernel: 1), isActivated: true);
        }

        x = Norm(net.Conv2d($"{name}.conv_dw", x, inner, sizes.Kernel, sizes.Stride, sizes.Kernel / 2, groups: inner), isActivated: true);
        if (sizes.Gate)
        {
            Value gate = net.GlobalAvgPool2d($"{name}.se.mean", x);
            gate = net.ReLU($"{name}.se.act1", net.Conv2d($"{name}.se.conv_reduce", gate, Blocks.MakeDivisible(inner * 0.25), kernel: 1, bias: true));
            gate = net.Hardsigmoid($"{name}.se.gate", net.Conv2d($"{name}.se.conv_expand", gate, inner, kernel: 1, bias: true));
            x = net.Mul($"{name}.se.mul", x, gate);
        }

        x = Norm(net.Conv2d($"{name}.{(expands ? "conv_pwl" : "conv_pw")}", x, sizes.Channels, kernel: 1), isActivated: false);
        return net.Residual(name, input, x, sizes.Stride);

        Value Norm(Value value, bool isActivated)
        {
            Value normal = net.BatchNorm2d($"{name}.bn{number}", value);
            return isActivated ? activation(net, $"{name}.bn{number++}.act", normal) : normal;
        }
    }

    private sealed record Block(long Kernel, double Expansion, long Channels, long Stride, bool Gate = false, bool Hard = false);

    private sealed record Sizes(Block[][] Stages, long Last, long Units, bool IsMinimal = false);
}
