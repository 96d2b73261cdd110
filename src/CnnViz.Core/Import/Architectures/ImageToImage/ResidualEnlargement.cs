using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures.ImageToImage;

/// <summary>
/// Large networks that enlarge pictures: EDSR (Lim et al. 2017) under the names of its authors' program, and ESRGAN (Wang et al. 2018)
/// under those of BasicSR and Real-ESRGAN. Depth, width and factor are those of the file.
/// </summary>
internal static class ResidualEnlargement
{
    private static readonly KeyLayout s_old = KeyLayout.Of(
        "ESRGAN of 2018",
        (@"^RRDB_trunk\.(\d+)\.RDB(\d)\.", match => $"body.{match.Groups[1]}.rdb{match.Groups[2]}."),
        (@"^trunk_conv\.", _ => "conv_body."),
        (@"^upconv([12])\.", match => $"conv_up{match.Groups[1]}."),
        (@"^HRconv\.", _ => "conv_hr."));

    public static IEnumerable<Architecture> Families { get; } =
    [
        new("edsr", DescribeEdsr) { InputSize = 64, Preprocessing = Preprocessing.None with { Source = PreprocessingSource.Convention } },
        new("esrgan", DescribeEsrgan)
        {
            InputSize = 64,
            Layouts = [s_old],
            Preprocessing = Preprocessing.Unit with { Source = PreprocessingSource.Convention },
        },
    ];

    private static Value DescribeEdsr(TorchNetwork net)
    {
        Value image = net.Has("sub_mean.weight") ? Conv(net, "sub_mean", net.Image, kernel: 1) : net.Image;
        Value start = Conv(net, "head.0", image);
        int depth = net.CountOf(i => $"body.{i}.body.0.weight");

        // The wide networks were trained with branches of a tenth.
        float scale = start.Channels >= 256 ? 0.1f : 1;
        Value x = start;
        for (int i = 0; i < depth; i++)
        {
            Value branch = Conv(net, $"body.{i}.body.2", net.ReLU($"body.{i}.body.1", Conv(net, $"body.{i}.body.0", x)));
            x = net.Add($"body.{i}.add", scale == 1 ? branch : net.Times($"body.{i}.mul", branch, scale), x);
        }

        x = net.Add("add", Conv(net, $"body.{depth}", x), start);
        for (int i = 0; net.Has($"tail.0.{i}.weight"); i += 2)
        {
            long factor = net.SizeOf($"tail.0.{i}.weight") == 9 * x.Channels ? 3 : 2;
            x = net.PixelShuffle($"tail.0.{i + 1}", Conv(net, $"tail.0.{i}", x), factor);
        }

        x = Conv(net, "tail.1", x);
        return net.Has("add_mean.weight") ? Conv(net, "add_mean", x, kernel: 1) : x;
    }

    // For a factor below 4, the image is folded first.
    private static Value DescribeEsrgan(TorchNetwork net)
    {
        long channels = net.SizeOf("conv_last.weight");
        long folded = net.SizeOf("conv_first.weight", 1) / channels;
        Value image = folded is 4 or 16 ? net.PixelUnshuffle("pixel_unshuffle", net.ImageOf(channels), folded == 4 ? 2 : 4) : net.Image;
        Value start = Conv(net, "conv_first", image);
        Value x = start;
        int depth = net.CountOf(i => $"body.{i}.rdb1.conv1.weight");
        for (int i = 0; i < depth; i++)
        {
            Value block = x;
            for (int part = 1; part <= 3; part++)
            {
                block = Dense(net, $"body.{i}.rdb{part}", block);
            }

            x = net.Add($"body.{i}.add", net.Times($"body.{i}.mul", block, 0.2f), x);
        }

        x = net.Add("add", Conv(net, "conv_body", x), start);
        for (int i = 1; i <= 2; i++)
        {
            x = net.UpsampleNearest("interpolate", x, 2, 2);
            x = Leaky(net, "lrelu", Conv(net, $"conv_up{i}", x));
        }

        return Conv(net, "conv_last", Leaky(net, "lrelu", Conv(net, "conv_hr", x)));
    }

    private static Value Dense(TorchNetwork net, string name, Value input)
    {
        Value all = input;
        for (int i = 1; i < 5; i++)
        {
            all = net.Concat($"{name}.cat", all, Leaky(net, $"{name}.lrelu", Conv(net, $"{name}.conv{i}", all)));
        }

        return net.Add($"{name}.add", net.Times($"{name}.mul", Conv(net, $"{name}.conv5", all), 0.2f), input);
    }

    private static Value Leaky(TorchNetwork net, string name, Value input) => net.LeakyReLU(name, input, 0.2);

    private static Value Conv(TorchNetwork net, string name, Value input, long kernel = 3) =>
        net.Conv2d(name, input, net.SizeOf($"{name}.weight"), kernel, padding: kernel / 2, bias: true);
}
