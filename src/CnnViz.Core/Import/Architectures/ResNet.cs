using System.Text.RegularExpressions;
using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>
/// ResNet (He et al. 2016), with the stride in the 3×3 convolution; ResNeXt (Xie et al. 2017); Wide ResNet (Zagoruyko, Komodakis
/// 2016).
/// </summary>
internal static class ResNet
{
    internal delegate Value BlockMaker(TorchNetwork net, string name, Value input, long channels, long stride, long dilation);

    private static readonly KeyLayout s_huggingFace = KeyLayout.Of(
        "Hugging Face",
        (@"^(?:resnet\.)?embedder\.embedder\.(\w+)\.", match => $"{Part(match, 1)}1."),
        (@"^(?:resnet\.)?encoder\.stages\.(\d+)\.layers\.(\d+)\.shortcut\.(\w+)\.",
            match => $"{BlockOf(match)}.downsample.{(match.Groups[3].Value == "convolution" ? 0 : 1)}."),
        (@"^(?:resnet\.)?encoder\.stages\.(\d+)\.layers\.(\d+)\.layer\.(\d+)\.(\w+)\.",
            match => $"{BlockOf(match)}.{Part(match, 4)}{KeyLayout.Number(match, 3) + 1}."),
        (@"^classifier\.1\.", _ => "fc."));

    // nn.Sequential of its children, which leaves out the head or puts another one behind.
    private static readonly KeyLayout s_children = KeyLayout.Of(
        "children",
        (@"^0\.", _ => "conv1."),
        (@"^1\.", _ => "bn1."),
        (@"^([4-7])\.(?=\d)", match => $"layer{KeyLayout.Number(match, 1) - 3}."));

    private static readonly KeyLayout[] s_layouts = [s_huggingFace, s_children];

    private static readonly Architecture[] s_sizes =
    [
        new("resnet18", net => Describe(net, [2, 2, 2, 2], BasicBlock)),
        new("resnet34", net => Describe(net, [3, 4, 6, 3], BasicBlock)),
        new("resnet50", net => Describe(net, [3, 4, 6, 3], Bottleneck())),
        new("resnet101", net => Describe(net, [3, 4, 23, 3], Bottleneck())),
        new("resnet152", net => Describe(net, [3, 8, 36, 3], Bottleneck())),
        new("resnext50_32x4d", net => Describe(net, [3, 4, 6, 3], Bottleneck(groups: 32, width: 4))),
        new("resnext101_32x8d", net => Describe(net, [3, 4, 23, 3], Bottleneck(groups: 32, width: 8))),
        new("resnext101_64x4d", net => Describe(net, [3, 4, 23, 3], Bottleneck(groups: 64, width: 4))),
        new("wide_resnet50_2", net => Describe(net, [3, 4, 6, 3], Bottleneck(width: 128))),
        new("wide_resnet101_2", net => Describe(net, [3, 4, 23, 3], Bottleneck(width: 128))),
    ];

    public static IEnumerable<Architecture> All => s_sizes.Select(size => size with { Layouts = s_layouts });

    /// <summary>Any depth and width, with what came later: gates (Hu et al. 2018), and the stem and shortcuts of ResNet-D (He et al. 2019).</summary>
    public static Architecture Family { get; } = new("resnet", AnyResNet.Describe) { Layouts = s_layouts };

    private static string BlockOf(Match match) => $"layer{KeyLayout.Number(match, 1) + 1}.{match.Groups[2]}";

    private static string Part(Match match, int group) => match.Groups[group].Value == "convolution" ? "conv" : "bn";

    private static Value Describe(TorchNetwork net, int[] depths, BlockMaker block) =>
        net.PooledLinear(Maps(net, string.Empty, depths, block)[^1], "avgpool", "fc");

    /// <summary>The maps of its stages.</summary>
    /// <param name="net">The network.</param>
    /// <param name="prefix">What its keys begin with.</param>
    /// <param name="depths">Blocks of each stage.</param>
    /// <param name="block">Adds a block.</param>
    /// <param name="dilated">How many stages at the end keep the size: their convolutions are dilated instead.</param>
    public static Value[] Maps(TorchNetwork net, string prefix, int[] depths, BlockMaker block, int dilated = 0)
    {
        Value x = net.Conv2d($"{prefix}conv1", net.Image, 64, kernel: 7, stride: 2, padding: 3);
        x = net.ReLU($"{prefix}relu", net.BatchNorm2d($"{prefix}bn1", x));
        x = net.MaxPool2d($"{prefix}maxpool", x, Windows.Square(3, stride: 2, padding: 1));
        long dilation = 1;
        var maps = new Value[depths.Length];
        for (int stage = 0; stage < depths.Length; stage++)
        {
            bool isDilated = stage >= depths.Length - dilated;
            for (int i = 0; i < depths[stage]; i++)
            {
                bool isHalved = stage > 0 && i == 0 && !isDilated;
                x = block(net, $"{prefix}layer{stage + 1}.{i}", x, 64L << stage, isHalved ? 2 : 1, dilation);

                // The first block has the dilation of the stage before.
                dilation = isDilated && i == 0 ? 2 * dilation : dilation;
            }

            maps[stage] = x;
        }

        return maps;
    }

    private static Value BasicBlock(TorchNetwork net, string name, Value input, long channels, long stride, long dilation)
    {
        Value x = net.Conv2d($"{name}.conv1", input, channels, kernel: 3, stride, padding: 1);
        x = net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn1", x));
        x = net.BatchNorm2d($"{name}.bn2", net.Conv2d($"{name}.conv2", x, channels, kernel: 3, padding: 1));
        return AddShortcut(net, name, input, x, stride);
    }

    /// <summary>Three convolutions, of which the middle one is of 3×3.</summary>
    /// <param name="groups">Groups of its convolution of 3×3.</param>
    /// <param name="width">Width of one group for 64 channels.</param>
    public static BlockMaker Bottleneck(long groups = 1, long width = 64) => (net, name, input, channels, stride, dilation) =>
    {
        long inner = channels * width / 64 * groups;
        Value x = net.Conv2d($"{name}.conv1", input, inner, kernel: 1);
        x = net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn1", x));
        x = net.Conv2d($"{name}.conv2", x, inner, Windows.Square(3, stride, dilation, dilation), groups);
        x = net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn2", x));
        x = net.BatchNorm2d($"{name}.bn3", net.Conv2d($"{name}.conv3", x, 4 * channels, kernel: 1));
        return AddShortcut(net, name, input, x, stride);
    };

    private static Value AddShortcut(TorchNetwork net, string name, Value input, Value output, long stride)
    {
        Value shortcut = stride == 1 && input.Channels == output.Channels
            ? input
            : net.ConvNormActivation($"{name}.downsample", input, output.Channels!.Value, kernel: 1, stride: stride);
        return net.ReLU($"{name}.relu", net.Add($"{name}.add", output, shortcut));
    }
}
