using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures.ImageToImage;

/// <summary>Small networks that enlarge pictures, under the names of yjn870's programs: SRCNN, FSRCNN (Dong et al.), ESPCN (Shi et al. 2016).</summary>
internal static class SuperResolution
{
    private static readonly Preprocessing s_unit = Preprocessing.Unit with { Source = PreprocessingSource.Convention };

    public static IEnumerable<Architecture> All { get; } =
    [
        new("srcnn", DescribeSrcnn) { InputSize = 64, Preprocessing = s_unit },
    ];

    /// <summary>The factor of enlargement, and widths, are those of the file.</summary>
    public static IEnumerable<Architecture> Families { get; } =
    [
        new("espcn", DescribeEspcn) { InputSize = 64, Preprocessing = s_unit },
        new("fsrcnn", DescribeFsrcnn) { InputSize = 64, Preprocessing = s_unit },
        new("srvgg", DescribeSrvgg) { InputSize = 64, Preprocessing = s_unit },
    ];

    private static Value DescribeSrcnn(TorchNetwork net)
    {
        Value x = net.ReLU("relu", Conv(net, "conv1", net.Image, 64, 9));
        x = net.ReLU("relu", Conv(net, "conv2", x, 32, 5));
        return Conv(net, "conv3", x, null, 5);
    }

    private static Value DescribeEspcn(TorchNetwork net)
    {
        Value x = net.Tanh("first_part.1", Conv(net, "first_part.0", net.Image, 64, 5));
        x = net.Tanh("first_part.3", Conv(net, "first_part.2", x, 32, 3));
        long scale = Root(net.SizeOf("last_part.0.weight") / net.SizeOf("first_part.0.weight", 1));
        return net.PixelShuffle("last_part.1", Conv(net, "last_part.0", x, net.SizeOf("last_part.0.weight"), 3), scale);
    }

    // The factor is not in the weights.
    private static Value DescribeFsrcnn(TorchNetwork net)
    {
        Value x = net.PReLU("first_part.1", Conv(net, "first_part.0", net.Image, net.SizeOf("first_part.0.weight"), 5));
        int count = net.CountOf(i => $"mid_part.{2 * i}.weight");
        for (int i = 0; i < count; i++)
        {
            string name = $"mid_part.{2 * i}";
            x = Conv(net, name, x, net.SizeOf($"{name}.weight"), net.SizeOf($"{name}.weight", 2));
            x = net.PReLU($"mid_part.{2 * i + 1}", x);
        }

        const long scale = 2;
        net.Guesses.Add("That it enlarges twofold is a guess; weights do not tell the factor.");
        return net.ConvTranspose2d("last_part", x, Windows.Square(9, scale, padding: 4), new(scale - 1, scale - 1), groups: 1);
    }

    // The compact network of Real-ESRGAN (Wang et al. 2021).
    private static Value DescribeSrvgg(TorchNetwork net)
    {
        int last = 2 * (net.CountOf(i => $"body.{2 * i}.weight") - 1);
        Value x = net.Image;
        for (int i = 0; i < last; i += 2)
        {
            x = net.PReLU($"body.{i + 1}", Conv(net, $"body.{i}", x, net.SizeOf($"body.{i}.weight"), 3));
        }

        long channels = net.SizeOf("body.0.weight", 1);
        long scale = Root(net.SizeOf($"body.{last}.weight") / channels);
        x = Conv(net, $"body.{last}", x, net.SizeOf($"body.{last}.weight"), 3);
        Value image = net.UpsampleNearest("interpolate", net.Image with { Channels = channels }, scale, scale);
        return net.Add("add", net.PixelShuffle("upsampler", x, scale), image);
    }

    private static long Root(long square) => Math.Max(1, (long)Math.Round(Math.Sqrt(square)));

    private static Value Conv(TorchNetwork net, string name, Value input, long? channels, long kernel) =>
        net.Conv2d(name, input, channels, kernel, padding: kernel / 2, bias: true);
}
