using System.Text.RegularExpressions;
using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>ConvNeXt (Liu et al. 2022), and ConvNeXt v2 (Woo et al. 2023), which has a normalization in the place of a scale. Its dense layers at each position are convolutions of 1×1 here.</summary>
internal static class ConvNeXt
{
    // What the parts of a block are called elsewhere.
    private static readonly Dictionary<string, string> s_parts = new(StringComparer.Ordinal)
    {
        ["conv_dw."] = "block.0.",
        ["dwconv."] = "block.0.",
        ["norm."] = "block.2.",
        ["layernorm."] = "block.2.",
        ["mlp.fc1."] = "block.3.",
        ["pwconv1."] = "block.3.",
        ["mlp.fc2."] = "block.5.",
        ["pwconv2."] = "block.5.",
        ["gamma"] = "layer_scale",
        ["layer_scale_parameter"] = "layer_scale",
        ["mlp.grn."] = "grn.",
        ["grn."] = "grn.",
    };

    private static readonly KeyLayout[] s_layouts =
    [
        KeyLayout.Of(
            "timm",
            (@"^stem\.", _ => "features.0."),
            (@"^stages\.(\d)\.downsample\.", Downsampling),
            (@"^stages\.(\d)\.blocks\.(\d+)\.(conv_dw\.|norm\.|mlp\.fc[12]\.|mlp\.grn\.|gamma)", Part),
            (@"^head\.norm\.", _ => "classifier.0."),
            (@"^head\.fc\.", _ => "classifier.2.")),
        KeyLayout.Of(
            "Hugging Face",
            (@"^(?:convnext(?:v2)?\.)?embeddings\.patch_embeddings\.", _ => "features.0.0."),
            (@"^(?:convnext(?:v2)?\.)?embeddings\.layernorm\.", _ => "features.0.1."),
            (@"^(?:convnext(?:v2)?\.)?encoder\.stages\.(\d)\.downsampling_layer\.", Downsampling),
            (@"^(?:convnext(?:v2)?\.)?encoder\.stages\.(\d)\.layers\.(\d+)\.(dwconv\.|layernorm\.|pwconv[12]\.|grn\.|layer_scale_parameter)", Part),
            (@"^(?:convnext(?:v2)?\.)?layernorm\.", _ => "classifier.0."),
            (@"^classifier\.", _ => "classifier.2.")),
        KeyLayout.Of(
            "Facebook",
            (@"^downsample_layers\.(\d)\.", Downsampling),
            (@"^stages\.(\d)\.(\d+)\.grn\.(gamma|beta)$", match =>
                $"features.{2 * KeyLayout.Number(match, 1) + 1}.{match.Groups[2]}.grn.{(match.Groups[3].Value == "gamma" ? "weight" : "bias")}"),
            (@"^stages\.(\d)\.(\d+)\.(dwconv\.|norm\.|pwconv[12]\.|gamma)", Part),
            (@"^norm\.", _ => "classifier.0."),
            (@"^head\.", _ => "classifier.2.")),
    ];

    public static IEnumerable<Architecture> All { get; } =
    [
        Of("convnext_tiny", [3, 3, 9, 3], channels: 96),
        Of("convnext_small", [3, 3, 27, 3], channels: 96),
        Of("convnext_base", [3, 3, 27, 3], channels: 128),
        Of("convnext_large", [3, 3, 27, 3], channels: 192),
    ];

    /// <summary>Any depth and width.</summary>
    public static Architecture Family { get; } = new("convnext", net => Describe(
        net,
        [.. Enumerable.Range(0, 4).Select(stage => net.CountOf(block => $"features.{2 * stage + 1}.{block}.block.0.weight"))],
        [.. Enumerable.Range(0, 4).Select(stage => net.SizeOf(stage == 0 ? "features.0.0.weight" : $"features.{2 * stage}.1.weight"))]))
    {
        Epsilon = 1e-6,
        Layouts = s_layouts,
    };

    private static Architecture Of(string name, int[] depths, long channels) =>
        new(name, net => Describe(net, depths, [channels, channels << 1, channels << 2, channels << 3]))
        {
            Epsilon = 1e-6,
            Layouts = s_layouts,
        };

    private static string Downsampling(Match match) => $"features.{2 * KeyLayout.Number(match, 1)}.";

    private static string Part(Match match) =>
        $"features.{2 * KeyLayout.Number(match, 1) + 1}.{match.Groups[2]}.{s_parts[match.Groups[3].Value]}";

    private static Value Describe(TorchNetwork net, int[] depths, long[] channels)
    {
        Value x = net.Conv2d("features.0.0", net.Image, channels[0], kernel: 4, stride: 4, bias: true);
        x = net.LayerNorm2d("features.0.1", x);
        for (int stage = 0; stage < depths.Length; stage++)
        {
            if (stage > 0)
            {
                x = net.LayerNorm2d($"features.{2 * stage}.0", x);
                x = net.Conv2d($"features.{2 * stage}.1", x, channels[stage], kernel: 2, stride: 2, bias: true);
            }

            for (int i = 0; i < depths[stage]; i++)
            {
                x = Block(net, $"features.{2 * stage + 1}.{i}", x);
            }
        }

        // The last normalization is missing where the stages were saved alone.
        x = net.OtherHead is not null && !net.Has("classifier.0.weight")
            ? x
            : net.LayerNorm2d("classifier.0", net.GlobalAvgPool2d("avgpool", x));
        return net.Head(x, maps => net.Linear("classifier.2", net.Flatten("classifier.1", maps, positions: 1)));
    }

    private static Value Block(TorchNetwork net, string name, Value input)
    {
        long channels = input.Channels!.Value;
        Value x = net.Conv2d($"{name}.block.0", input, channels, kernel: 7, padding: 3, groups: channels, bias: true);
        x = net.LayerNorm2d($"{name}.block.2", x);
        x = net.GELU($"{name}.block.4", net.PointwiseLinear($"{name}.block.3", x, 4 * channels));
        bool isSecond = net.Has($"{name}.grn.weight");
        x = isSecond ? net.GlobalResponseNorm($"{name}.grn", x) : x;
        x = net.PointwiseLinear($"{name}.block.5", x, channels);
        x = isSecond ? x : net.Scale($"{name}.mul", x, $"{name}.layer_scale");
        return net.Add($"{name}.add", x, input);
    }
}
