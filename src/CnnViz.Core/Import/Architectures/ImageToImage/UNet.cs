using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures.ImageToImage;

/// <summary>
/// U-Net (Ronneberger et al. 2015) of any width and depth, under the names of milesial/Pytorch-UNet; upsampled by transposed convolutions, or
/// bilinearly where the file has none.
/// </summary>
internal static class UNet
{
    private static readonly KeyLayout s_old = KeyLayout.Of(
        "milesial before 2019",
        (@"^inc\.conv\.conv\.", _ => "inc.double_conv."),
        (@"^(down\d+)\.mpconv\.1\.conv\.", match => $"{match.Groups[1]}.maxpool_conv.1.double_conv."),
        (@"^(up\d+)\.conv\.conv\.", match => $"{match.Groups[1]}.conv.double_conv."));

    /// <summary>Widths and depth are those of the file.</summary>
    public static Architecture Family { get; } = new("unet", Describe)
    {
        Layouts = [s_old],
        InputSize = 256,
        Preprocessing = Preprocessing.Unit with { Source = PreprocessingSource.Convention },
    };

    private static Value Describe(TorchNetwork net)
    {
        int depth = net.CountOf(i => $"down{i + 1}.maxpool_conv.1.double_conv.0.weight");
        Value x = DoubleConvolution(net, "inc", net.Image);
        var maps = new Stack<Value>();
        for (int i = 1; i <= depth; i++)
        {
            maps.Push(x);
            Value pooled = net.MaxPool2d($"down{i}.maxpool_conv.0", x, Windows.Square(2, stride: 2));
            x = DoubleConvolution(net, $"down{i}.maxpool_conv.1", pooled);
        }

        for (int i = 1; i <= depth; i++)
        {
            x = net.Has($"up{i}.up.weight")
                ? net.ConvTranspose2d($"up{i}.up", x, Windows.Square(2, stride: 2), default, groups: 1)
                : net.UpsampleBilinear($"up{i}.up", x, 2, 2, alignCorners: true);
            x = DoubleConvolution(net, $"up{i}.conv", net.Concat($"up{i}.cat", maps.Pop(), x));
        }

        return net.Conv2d("outc.conv", x, null, kernel: 1, bias: true);
    }

    private static Value DoubleConvolution(TorchNetwork net, string name, Value input) =>
        Convolution(net, $"{name}.double_conv", Convolution(net, $"{name}.double_conv", input, place: 0), place: 3);

    private static Value Convolution(TorchNetwork net, string name, Value input, int place)
    {
        string key = $"{name}.{place}";
        Value x = net.Conv2d(key, input, net.SizeOf($"{key}.weight"), kernel: 3, padding: 1, bias: net.Has($"{key}.bias"));
        return net.ReLU($"{name}.{place + 2}", net.BatchNorm2d($"{name}.{place + 1}", x));
    }
}
