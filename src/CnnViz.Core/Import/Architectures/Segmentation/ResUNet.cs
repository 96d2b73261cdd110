using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures.Segmentation;

/// <summary>The U-Net of segmentation_models_pytorch on a ResNet of any depth and width.</summary>
internal static class ResUNet
{
    /// <summary>Depth and widths are those of the file.</summary>
    public static Architecture Family { get; } = new("unet_resnet", Describe);

    private static Value Describe(TorchNetwork net)
    {
        var maps = new Stack<Value>(AnyResNet.Maps(net, "encoder."));
        Value x = maps.Pop();
        int depth = net.CountOf(i => $"decoder.blocks.{i}.conv1.0.weight");
        for (int i = 0; i < depth; i++)
        {
            string name = $"decoder.blocks.{i}";
            x = net.UpsampleNearest($"{name}.interpolate", x, 2, 2);
            x = maps.TryPop(out Value skipped) ? net.Concat($"{name}.cat", x, skipped) : x;
            x = Convolution(net, $"{name}.conv2", Convolution(net, $"{name}.conv1", x));
        }

        long kernel = net.SizeOf("segmentation_head.0.weight", 2);
        return net.Conv2d("segmentation_head.0", x, null, kernel, padding: kernel / 2, bias: true);
    }

    private static Value Convolution(TorchNetwork net, string name, Value input) =>
        net.ConvNormActivation(name, input, net.SizeOf($"{name}.0.weight"), kernel: 3, ActivationLayers.ReLU);
}
