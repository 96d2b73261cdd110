using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures.ImageToImage;

/// <summary>The network of fast style transfer (Johnson et al. 2016) under the names of PyTorch's example fast_neural_style.</summary>
internal static class StyleTransfer
{
    public static IEnumerable<Architecture> All { get; } =
    [
        new("fast_neural_style", Describe)
        {
            InputSize = 256,
            Preprocessing = Preprocessing.None with { Source = PreprocessingSource.Convention },
        },
    ];

    private static Value Describe(TorchNetwork net)
    {
        Value x = Convolution(net, 1, net.Image, 32, kernel: 9);
        x = Convolution(net, 3, Convolution(net, 2, x, 64, kernel: 3, stride: 2), 128, kernel: 3, stride: 2);
        x = Enumerable.Range(1, 5).Aggregate(x, (y, i) => Residual(net, $"res{i}", y));
        x = Upsampling(net, 2, Upsampling(net, 1, x, 64), 32);
        return Padded(net, "deconv3", x, null, kernel: 9);
    }

    private static Value Convolution(TorchNetwork net, int number, Value input, long channels, long kernel, long stride = 1)
    {
        Value x = Padded(net, $"conv{number}", input, channels, kernel, stride);
        return net.ReLU("relu", net.InstanceNorm2d($"in{number}", x));
    }

    private static Value Residual(TorchNetwork net, string name, Value input)
    {
        Value x = net.InstanceNorm2d($"{name}.in1", Padded(net, $"{name}.conv1", input, input.Channels, kernel: 3));
        x = Padded(net, $"{name}.conv2", net.ReLU($"{name}.relu", x), input.Channels, kernel: 3);
        return net.Add($"{name}.add", net.InstanceNorm2d($"{name}.in2", x), input);
    }

    private static Value Upsampling(TorchNetwork net, int number, Value input, long channels)
    {
        Value x = net.UpsampleNearest($"deconv{number}.upsample_layer", input, 2, 2);
        x = Padded(net, $"deconv{number}", x, channels, kernel: 3);
        return net.ReLU("relu", net.InstanceNorm2d($"in{number + 3}", x));
    }

    private static Value Padded(TorchNetwork net, string name, Value input, long? channels, long kernel, long stride = 1)
    {
        long side = kernel / 2;
        Value x = net.Pad($"{name}.reflection_pad", input, new(side, side, side, side), "reflect");
        return net.Conv2d($"{name}.conv2d", x, channels, kernel, stride, bias: true);
    }
}
