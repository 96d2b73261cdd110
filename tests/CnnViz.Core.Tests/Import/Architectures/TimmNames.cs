using System.Text.RegularExpressions;

namespace CnnViz.Tests.Import.Architectures;

/// <summary>What timm calls the tensors of torchvision's networks of inverted residuals.</summary>
internal static class TimmNames
{
    private static readonly string[] s_plain = ["conv_dw", "bn1", "conv_pw", "bn2"];
    private static readonly string[] s_expanding = ["conv_pw", "bn1", "conv_dw", "bn2", "conv_pwl", "bn3"];

    public static string Of(string architecture, string key) => architecture == "mobilenet_v2" ? OfMobileNet(key) : OfEfficientNet(key);

    private static string OfEfficientNet(string key)
    {
        Match block = Regex.Match(key, @"^features\.([1-7])\.(\d+)\.block\.(\d)\.(\w+)\.(\w+)$");
        if (!block.Success)
        {
            return Ends(key, last: "8");
        }

        (int stage, int place, string part) = (int.Parse(block.Groups[1].Value) - 1, int.Parse(block.Groups[3].Value), block.Groups[4].Value);
        int gate = stage == 0 ? 1 : 2;
        string[] names = stage == 0 ? s_plain : s_expanding;
        string name = place == gate
            ? part == "fc1" ? "se.conv_reduce" : "se.conv_expand"
            : names[2 * (place > gate ? place - 1 : place) + int.Parse(part)];
        return $"blocks.{stage}.{block.Groups[2]}.{name}.{block.Groups[5]}";
    }

    private static string OfMobileNet(string key)
    {
        Match block = Regex.Match(key, @"^features\.([1-9]|1[0-7])\.conv\.(.+)\.(\w+)$");
        if (!block.Success)
        {
            return Ends(key, last: "18");
        }

        // The first block of each stage.
        int[] firsts = [1, 2, 4, 7, 11, 14, 17];
        int place = int.Parse(block.Groups[1].Value);
        int stage = Array.FindLastIndex(firsts, first => first <= place);
        string[] order = stage == 0 ? ["0.0", "0.1", "1", "2"] : ["0.0", "0.1", "1.0", "1.1", "2", "3"];
        string name = (stage == 0 ? s_plain : s_expanding)[Array.IndexOf(order, block.Groups[2].Value)];
        return $"blocks.{stage}.{place - firsts[stage]}.{name}.{block.Groups[3]}";
    }

    private static string Ends(string key, string last) => key
        .Replace("features.0.0.", "conv_stem.", StringComparison.Ordinal)
        .Replace("features.0.1.", "bn1.", StringComparison.Ordinal)
        .Replace($"features.{last}.0.", "conv_head.", StringComparison.Ordinal)
        .Replace($"features.{last}.1.", "bn2.", StringComparison.Ordinal)
        .Replace("classifier.1.", "classifier.", StringComparison.Ordinal);
}
