using System.Text.RegularExpressions;

namespace CnnViz.Import.Architectures;

/// <summary>What the tensors of EfficientNet are called elsewhere.</summary>
internal static class EfficientNetKeys
{
    // What the parts of a block are called in torchvision: of one that does not expand, and of all others.
    private static readonly Dictionary<string, string> s_plainParts = new(StringComparer.Ordinal)
    {
        ["conv_dw"] = "0.0",
        ["bn1"] = "0.1",
        ["se.conv_reduce"] = "1.fc1",
        ["se.conv_expand"] = "1.fc2",
        ["conv_pw"] = "2.0",
        ["bn2"] = "2.1",
        ["depthwise_conv.depthwise_conv"] = "0.0",
        ["depthwise_conv.depthwise_norm"] = "0.1",
        ["squeeze_excite.reduce"] = "1.fc1",
        ["squeeze_excite.expand"] = "1.fc2",
        ["projection.project_conv"] = "2.0",
        ["projection.project_bn"] = "2.1",
    };

    private static readonly Dictionary<string, string> s_expandingParts = new(StringComparer.Ordinal)
    {
        ["conv_pw"] = "0.0",
        ["bn1"] = "0.1",
        ["conv_dw"] = "1.0",
        ["bn2"] = "1.1",
        ["se.conv_reduce"] = "2.fc1",
        ["se.conv_expand"] = "2.fc2",
        ["conv_pwl"] = "3.0",
        ["bn3"] = "3.1",
        ["expansion.expand_conv"] = "0.0",
        ["expansion.expand_bn"] = "0.1",
        ["depthwise_conv.depthwise_conv"] = "1.0",
        ["depthwise_conv.depthwise_norm"] = "1.1",
        ["squeeze_excite.reduce"] = "2.fc1",
        ["squeeze_excite.expand"] = "2.fc2",
        ["projection.project_conv"] = "3.0",
        ["projection.project_bn"] = "3.1",
    };

    /// <summary>timm's networks of the same names; those whose names begin with tf_ pad as TensorFlow does, and are others.</summary>
    public static KeyLayout Timm { get; } = KeyLayout.Of(
        "timm",
        (@"^conv_stem\.", _ => "features.0.0."),
        (@"^bn1\.", _ => "features.0.1."),
        (@"^blocks\.(\d)\.(\d+)\.(.+)\.(?=[a-z_]+$)",
            match => Rename(match, KeyLayout.Number(match, 1), KeyLayout.Number(match, 2), match.Groups[3].Value)),
        (@"^conv_head\.", _ => "features.8.0."),
        (@"^bn2\.", _ => "features.8.1."),
        (@"^classifier\.", _ => "classifier.1."));

    /// <summary>Hugging Face's, whose blocks are numbered through all stages.</summary>
    /// <param name="depths">Blocks of each stage.</param>
    public static KeyLayout HuggingFace(int[] depths) => KeyLayout.Of(
        "Hugging Face",
        (@"^(?:efficientnet\.)?embeddings\.(convolution|batchnorm)\.", match => $"features.0.{(match.Groups[1].Value == "convolution" ? 0 : 1)}."),
        (@"^(?:efficientnet\.)?encoder\.blocks\.(\d+)\.(.+)\.(?=[a-z_]+$)", match =>
        {
            int block = KeyLayout.Number(match, 1);
            int stage = 0;
            for (; stage < depths.Length - 1 && block >= depths[stage]; stage++)
            {
                block -= depths[stage];
            }

            return Rename(match, stage, block, match.Groups[2].Value);
        }),
        (@"^(?:efficientnet\.)?encoder\.top_(conv|bn)\.", match => $"features.8.{(match.Groups[1].Value == "conv" ? 0 : 1)}."),
        (@"^classifier\.", _ => "classifier.1."));

    private static string Rename(Match match, int stage, int block, string part) =>
        (stage == 0 ? s_plainParts : s_expandingParts).TryGetValue(part, out string? name)
            ? $"features.{stage + 1}.{block}.block.{name}."
            : match.Value;
}
