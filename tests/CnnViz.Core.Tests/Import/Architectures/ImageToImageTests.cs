using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Architectures;

/// <summary>Networks that give images, held against forward passes as their authors wrote them, layer by layer.</summary>
public sealed class ImageToImageTests : EngineTest
{
    [Theory]
    [InlineData(true, true, false, 3)]
    [InlineData(false, true, false, 1)]
    [InlineData(true, false, false, 4)]
    [InlineData(true, true, true, 3)]
    public void UNet_of_any_width(bool isBilinear, bool hasBias, bool isOld, int inputs) => new MadeNetwork().Check("unet", (image, net) =>
    {
        string Name(string place) => !isOld ? $"{place}.double_conv"
            : place.StartsWith("down", StringComparison.Ordinal) ? $"{place.Replace("maxpool_conv", "mpconv", StringComparison.Ordinal)}.conv"
            : place == "inc" ? "inc.conv.conv" : $"{place}.conv";
        torch.Tensor Double(torch.Tensor y, string place, long channels)
        {
            y = relu(net.Norm(net.Conv(y, $"{Name(place)}.0", channels, 3, bias: hasBias), $"{Name(place)}.1"));
            return relu(net.Norm(net.Conv(y, $"{Name(place)}.3", channels, 3, bias: hasBias), $"{Name(place)}.4"));
        }

        torch.Tensor x = Double(image, "inc", 4);
        var maps = new Stack<torch.Tensor>();
        for (int i = 1; i <= 3; i++)
        {
            maps.Push(x);
            x = Double(max_pool2d(x, 2), $"down{i}.maxpool_conv.1", 4L << i);
        }

        for (int i = 1; i <= 3; i++)
        {
            x = isBilinear
                ? interpolate(x, scale_factor: [2, 2], mode: torch.InterpolationMode.Bilinear, align_corners: true)
                : net.Transposed(x, $"up{i}.up", x.shape[1] / 2, 2, 2);
            x = Double(torch.cat([maps.Pop(), x], 1), $"up{i}.conv", 16L >> i);
        }

        return net.Conv(x, "outc.conv", 2, 1, bias: true);
    },
    torch.rand(1, inputs, 32, 48),
    layer => isOld
        ? layer.Replace("mpconv.1.conv", "maxpool_conv.1.double_conv", StringComparison.Ordinal)
            .Replace("inc.conv.conv", "inc.double_conv", StringComparison.Ordinal).Replace(".conv.conv.", ".conv.double_conv.", StringComparison.Ordinal)
        : layer);

    [Fact]
    public void Fast_style_transfer() => new MadeNetwork().Check("fast_neural_style", (image, net) =>
    {
        torch.Tensor Padded(torch.Tensor y, string name, long channels, long kernel, long stride = 1) => net.Conv(
            pad(y, [kernel / 2, kernel / 2, kernel / 2, kernel / 2], PaddingModes.Reflect), $"{name}.conv2d", channels, kernel, stride, 0, bias: true);
        torch.Tensor x = relu(net.Instance(Padded(image, "conv1", 32, 9), "in1"));
        x = relu(net.Instance(Padded(x, "conv2", 64, 3, 2), "in2"));
        x = relu(net.Instance(Padded(x, "conv3", 128, 3, 2), "in3"));
        for (int i = 1; i <= 5; i++)
        {
            torch.Tensor y = relu(net.Instance(Padded(x, $"res{i}.conv1", 128, 3), $"res{i}.in1"));
            x = net.Instance(Padded(y, $"res{i}.conv2", 128, 3), $"res{i}.in2") + x;
        }

        x = relu(net.Instance(Padded(interpolate(x, scale_factor: [2, 2]), "deconv1", 64, 3), "in4"));
        x = relu(net.Instance(Padded(interpolate(x, scale_factor: [2, 2]), "deconv2", 32, 3), "in5"));
        return Padded(x, "deconv3", 3, 9);
    },
    torch.rand(1, 3, 32, 40));

    [Fact]
    public void Srcnn() => new MadeNetwork().Check("srcnn", (image, net) =>
    {
        torch.Tensor x = relu(net.Conv(image, "conv1", 64, 9, bias: true));
        return net.Conv(relu(net.Conv(x, "conv2", 32, 5, bias: true)), "conv3", 1, 5, bias: true);
    },
    torch.rand(1, 1, 24, 20));

    [Fact]
    public void Espcn() => new MadeNetwork().Check("espcn", (image, net) =>
    {
        torch.Tensor x = net.Conv(image, "first_part.0", 64, 5, bias: true).tanh();
        x = net.Conv(x, "first_part.2", 32, 3, bias: true).tanh();
        return net.Keep("last_part.1", pixel_shuffle(net.Conv(x, "last_part.0", 9, 3, bias: true), 3));
    },
    torch.rand(1, 1, 24, 20));

    [Fact]
    public void Fsrcnn() => new MadeNetwork().Check("fsrcnn", (image, net) =>
    {
        torch.Tensor x = net.Slope(net.Conv(image, "first_part.0", 20, 5, bias: true), "first_part.1");
        (long Channels, long Kernel)[] layers = [(6, 1), (6, 3), (6, 3), (20, 1)];
        for (int i = 0; i < layers.Length; i++)
        {
            x = net.Slope(net.Conv(x, $"mid_part.{2 * i}", layers[i].Channels, layers[i].Kernel, bias: true), $"mid_part.{2 * i + 1}");
        }

        return net.Transposed(x, "last_part", 1, 9, 2, 4, 1);
    },
    torch.rand(1, 1, 24, 20));

    [Fact]
    public void Srvgg() => new MadeNetwork().Check("srvgg", (image, net) =>
    {
        torch.Tensor x = image;
        for (int i = 0; i < 8; i += 2)
        {
            x = net.Slope(net.Conv(x, $"body.{i}", 10, 3, bias: true), $"body.{i + 1}");
        }

        x = pixel_shuffle(net.Conv(x, "body.8", 48, 3, bias: true), 4);
        return net.Keep("add", x + interpolate(image, scale_factor: [4, 4]));
    },
    torch.rand(1, 3, 24, 20));

    [Theory]
    [InlineData(12, 4, true)]
    [InlineData(12, 3, false)]
    [InlineData(256, 2, true)]
    public void Edsr(long features, int factor, bool hasMeans) => new MadeNetwork().Check("edsr", (image, net) =>
    {
        torch.Tensor start = net.Conv(hasMeans ? net.Conv(image, "sub_mean", 3, 1, bias: true) : image, "head.0", features, 3, bias: true);
        torch.Tensor x = start;
        for (int i = 0; i < 3; i++)
        {
            torch.Tensor y = relu(net.Conv(x, $"body.{i}.body.0", features, 3, bias: true));
            x = net.Keep($"body.{i}.add", net.Conv(y, $"body.{i}.body.2", features, 3, bias: true) * (features == 256 ? 0.1 : 1) + x);
        }

        x = net.Conv(x, "body.3", features, 3, bias: true) + start;
        if (factor == 3)
        {
            x = pixel_shuffle(net.Conv(x, "tail.0.0", 9 * features, 3, bias: true), 3);
        }

        for (int i = 0; factor != 3 && i < factor; i += 2)
        {
            x = pixel_shuffle(net.Conv(x, $"tail.0.{i}", 4 * features, 3, bias: true), 2);
        }

        x = net.Conv(x, "tail.1", 3, 3, bias: true);
        return hasMeans ? net.Conv(x, "add_mean", 3, 1, bias: true) : x;
    },
    torch.rand(1, 3, 16, 12));

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Esrgan(int folded, bool isOld) => new MadeNetwork().Check("esrgan", (image, net) =>
    {
        string Name(string name, string old) => isOld ? old : name;
        torch.Tensor start = net.Conv(folded == 1 ? image : pixel_unshuffle(image, folded), "conv_first", 10, 3, bias: true);
        torch.Tensor x = start;
        for (int i = 0; i < 2; i++)
        {
            torch.Tensor block = x;
            for (int part = 1; part <= 3; part++)
            {
                string name = Name($"body.{i}.rdb{part}", $"RRDB_trunk.{i}.RDB{part}");
                torch.Tensor all = block;
                for (int conv = 1; conv <= 4; conv++)
                {
                    all = torch.cat([all, leaky_relu(net.Conv(all, $"{name}.conv{conv}", 6, 3, bias: true), 0.2)], 1);
                }

                block = net.Conv(all, $"{name}.conv5", 10, 3, bias: true) * 0.2 + block;
            }

            x = block * 0.2 + x;
        }

        x = net.Conv(x, Name("conv_body", "trunk_conv"), 10, 3, bias: true) + start;
        x = leaky_relu(net.Conv(interpolate(x, scale_factor: [2, 2]), Name("conv_up1", "upconv1"), 10, 3, bias: true), 0.2);
        x = leaky_relu(net.Conv(interpolate(x, scale_factor: [2, 2]), Name("conv_up2", "upconv2"), 10, 3, bias: true), 0.2);
        x = leaky_relu(net.Conv(x, Name("conv_hr", "HRconv"), 10, 3, bias: true), 0.2);
        return net.Conv(x, "conv_last", 3, 3, bias: true);
    },
    torch.rand(1, 3, 16, 12),
    layer => layer.Replace("RRDB_trunk", "body", StringComparison.Ordinal).Replace("RDB", "rdb", StringComparison.Ordinal)
        .Replace("trunk_conv", "conv_body", StringComparison.Ordinal).Replace("upconv", "conv_up", StringComparison.Ordinal)
        .Replace("HRconv", "conv_hr", StringComparison.Ordinal));
}
