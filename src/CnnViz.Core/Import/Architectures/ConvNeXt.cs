using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>ConvNeXt (Liu et al. 2022). Its dense layers at each position are convolutions of 1×1 here.</summary>
internal static class ConvNeXt
{
    public static IEnumerable<Architecture> All { get; } =
    [
        Of("convnext_tiny", [3, 3, 9, 3], channels: 96),
        Of("convnext_small", [3, 3, 27, 3], channels: 96),
        Of("convnext_base", [3, 3, 27, 3], channels: 128),
        Of("convnext_large", [3, 3, 27, 3], channels: 192),
    ];

    private static Architecture Of(string name, int[] depths, long channels) =>
        new(name, net => Describe(net, depths, channels)) { Epsilon = 1e-6 };

    private static Value Describe(TorchNetwork net, int[] depths, long channels)
    {
        Value x = net.Conv2d("features.0.0", net.Image, channels, kernel: 4, stride: 4, bias: true);
        x = net.LayerNorm2d("features.0.1", x);
        for (int stage = 0; stage < depths.Length; stage++)
        {
            if (stage > 0)
            {
                x = net.LayerNorm2d($"features.{2 * stage}.0", x);
                x = net.Conv2d($"features.{2 * stage}.1", x, channels << stage, kernel: 2, stride: 2, bias: true);
            }

            for (int i = 0; i < depths[stage]; i++)
            {
                x = Block(net, $"features.{2 * stage + 1}.{i}", x);
            }
        }

        x = net.LayerNorm2d("classifier.0", net.GlobalAvgPool2d("avgpool", x));
        return net.Linear("classifier.2", net.Flatten("classifier.1", x, positions: 1));
    }

    private static Value Block(TorchNetwork net, string name, Value input)
    {
        long channels = input.Channels!.Value;
        Value x = net.Conv2d($"{name}.block.0", input, channels, kernel: 7, padding: 3, groups: channels, bias: true);
        x = net.LayerNorm2d($"{name}.block.2", x);
        x = net.GELU($"{name}.block.4", net.PointwiseLinear($"{name}.block.3", x, 4 * channels));
        x = net.PointwiseLinear($"{name}.block.5", x, channels);
        x = net.Scale($"{name}.mul", x, $"{name}.layer_scale");
        return net.Add($"{name}.add", x, input);
    }
}
