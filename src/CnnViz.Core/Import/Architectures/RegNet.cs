using System.Text.RegularExpressions;
using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>RegNet (Radosavovic et al. 2020): X without, Y with squeeze and excitation.</summary>
internal static class RegNet
{
    // What the paper's linear rule gives, rounded to whole groups.
    private static readonly (string Name, int[] Depths, long[] Channels, long GroupWidth)[] s_sizes =
    [
        ("x_400mf", [1, 2, 7, 12], [32, 64, 160, 400], 16),
        ("x_800mf", [1, 3, 7, 5], [64, 128, 288, 672], 16),
        ("x_1_6gf", [2, 4, 10, 2], [72, 168, 408, 912], 24),
        ("x_3_2gf", [2, 6, 15, 2], [96, 192, 432, 1008], 48),
        ("x_8gf", [2, 5, 15, 1], [80, 240, 720, 1920], 120),
        ("x_16gf", [2, 6, 13, 1], [256, 512, 896, 2048], 128),
        ("x_32gf", [2, 7, 13, 1], [336, 672, 1344, 2520], 168),
        ("y_400mf", [1, 3, 6, 6], [48, 104, 208, 440], 8),
        ("y_800mf", [1, 3, 8, 2], [64, 144, 320, 784], 16),
        ("y_1_6gf", [2, 6, 17, 2], [48, 120, 336, 888], 24),
        ("y_3_2gf", [2, 5, 13, 1], [72, 216, 576, 1512], 24),
        ("y_8gf", [2, 4, 10, 1], [224, 448, 896, 2016], 56),
        ("y_16gf", [2, 4, 11, 1], [224, 448, 1232, 3024], 112),
        ("y_32gf", [2, 5, 12, 1], [232, 696, 1392, 3712], 232),
        ("y_128gf", [2, 7, 17, 1], [528, 1056, 2904, 7392], 264),
    ];

    private static readonly KeyLayout s_timm = KeyLayout.Of(
        "timm",
        (@"^stem\.(conv|bn)\.", match => $"stem.{Place(match, 1)}."),
        (@"^s(\d)\.b(\d+)\.conv([123])\.(conv|bn)\.",
            match => $"{BlockOf(match)}.f.{"abc"[KeyLayout.Number(match, 3) - 1]}.{Place(match, 4)}."),
        (@"^s(\d)\.b(\d+)\.se\.", match => $"{BlockOf(match)}.f.se."),
        (@"^s(\d)\.b(\d+)\.downsample\.(conv|bn)\.", match => $"{BlockOf(match)}.proj.{Place(match, 3)}."),
        (@"^head\.fc\.", _ => "fc."));

    // The parts of a block count a gate, where there is one.
    private static readonly KeyLayout s_huggingFace = KeyLayout.Of(
        "Hugging Face",
        (@"^(?:regnet\.)?embedder\.embedder\.(\w+)\.", match => $"stem.{Part(match, 1)}."),
        (@"^(?:regnet\.)?encoder\.stages\.(\d)\.layers\.(\d+)\.shortcut\.(\w+)\.", match => $"{StageOf(match)}.proj.{Part(match, 3)}."),
        (@"^(?:regnet\.)?encoder\.stages\.(\d)\.layers\.(\d+)\.layer\.2\.attention\.([02])\.",
            match => $"{StageOf(match)}.f.se.fc{1 + KeyLayout.Number(match, 3) / 2}."),
        (@"^(?:regnet\.)?encoder\.stages\.(\d)\.layers\.(\d+)\.layer\.(\d)\.(\w+)\.",
            match => $"{StageOf(match)}.f.{"abcc"[Math.Min(3, KeyLayout.Number(match, 3))]}.{Part(match, 4)}."),
        (@"^classifier\.1\.", _ => "fc."));

    private static readonly KeyLayout[] s_layouts = [s_timm, s_huggingFace];

    public static IEnumerable<Architecture> All => s_sizes.Select(size => new Architecture(
        $"regnet_{size.Name}", net => Describe(net, size.Depths, size.Channels, size.GroupWidth, gated: size.Name[0] == 'y'))
    {
        Layouts = s_layouts,
    });

    /// <summary>Any depth and width.</summary>
    public static Architecture Family { get; } = new("regnet", DescribeAny) { Layouts = s_layouts };

    private static string BlockOf(Match match)
    {
        int stage = KeyLayout.Number(match, 1);
        return $"trunk_output.block{stage}.block{stage}-{KeyLayout.Number(match, 2) - 1}";
    }

    private static string StageOf(Match match)
    {
        int stage = KeyLayout.Number(match, 1) + 1;
        return $"trunk_output.block{stage}.block{stage}-{match.Groups[2]}";
    }

    private static int Part(Match match, int group) => match.Groups[group].Value == "convolution" ? 0 : 1;

    private static int Place(Match match, int group) => match.Groups[group].Value == "conv" ? 0 : 1;

    private static Value DescribeAny(TorchNetwork net)
    {
        string First(int stage) => $"trunk_output.block{stage + 1}.block{stage + 1}-0.f";
        int stages = net.CountOf(stage => $"{First(stage)}.a.0.weight");
        return Describe(
            net,
            [.. Enumerable.Range(1, stages).Select(stage => net.CountOf(i => $"trunk_output.block{stage}.block{stage}-{i}.f.a.0.weight"))],
            [.. Enumerable.Range(0, stages).Select(stage => net.SizeOf($"{First(stage)}.a.0.weight"))],
            net.SizeOf($"{First(0)}.b.0.weight", 1),
            gated: net.Has($"{First(0)}.se.fc1.weight"),
            first: net.SizeOf("stem.0.weight"));
    }

    private static Value Describe(
        TorchNetwork net, int[] depths, long[] channels, long groupWidth, bool gated, long first = 32)
    {
        Value x = net.ConvNormActivation("stem", net.Image, first, kernel: 3, ActivationLayers.ReLU, stride: 2);
        for (int stage = 0; stage < depths.Length; stage++)
        {
            for (int i = 0; i < depths[stage]; i++)
            {
                string name = $"trunk_output.block{stage + 1}.block{stage + 1}-{i}";
                x = Block(net, name, x, channels[stage], groupWidth, gated, stride: i == 0 ? 2 : 1);
            }
        }

        return net.PooledLinear(x, "avgpool", "fc");
    }

    private static Value Block(TorchNetwork net, string name, Value input, long channels, long groupWidth, bool gated, long stride)
    {
        Value shortcut = stride == 1 && input.Channels == channels
            ? input
            : net.ConvNormActivation($"{name}.proj", input, channels, kernel: 1, stride: stride);
        long groups = Math.Max(1, channels / Math.Min(groupWidth, channels));
        Value x = net.ConvNormActivation($"{name}.f.a", input, channels, kernel: 1, ActivationLayers.ReLU);
        x = net.ConvNormActivation($"{name}.f.b", x, channels, kernel: 3, ActivationLayers.ReLU, stride, groups);
        if (gated)
        {
            long squeezed = (long)Math.Round(input.Channels!.Value / 4.0);
            x = net.SqueezeExcitation($"{name}.f.se", x, squeezed, ActivationLayers.ReLU, ActivationLayers.Sigmoid);
        }

        x = net.ConvNormActivation($"{name}.f.c", x, channels, kernel: 1);
        return net.ReLU($"{name}.activation", net.Add($"{name}.add", shortcut, x));
    }
}
