using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>MobileNet (Howard et al. 2017) of any width, TensorFlow's, under the names of Hugging Face.</summary>
internal static class MobileNetV1
{
    private static readonly long[] s_strides = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1];

    private static readonly KeyLayout s_whole = KeyLayout.Of("Hugging Face", (@"^mobilenet_v1\.", _ => string.Empty));

    /// <summary>Widths are those of the file.</summary>
    public static Architecture TensorFlow { get; } = new("tf_mobilenetv1", Describe)
    {
        Layouts = [s_whole],
        Epsilon = 1e-3,
        PadsAsTensorFlow = true,
        Preprocessing = Preprocessing.Symmetric with { Source = PreprocessingSource.Convention },
    };

    private static Value Describe(TorchNetwork net)
    {
        Value x = Layer(net, "conv_stem", net.Image, kernel: 3, stride: 2, groups: 1);
        for (int i = 0; i < s_strides.Length; i++)
        {
            x = Layer(net, $"layer.{2 * i}", x, kernel: 3, s_strides[i], groups: x.Channels!.Value);
            x = Layer(net, $"layer.{2 * i + 1}", x, kernel: 1, stride: 1, groups: 1);
        }

        return net.PooledLinear(x, "pooler", "classifier");
    }

    private static Value Layer(TorchNetwork net, string name, Value input, long kernel, long stride, long groups)
    {
        long channels = net.SizeOf($"{name}.convolution.weight");
        Value x = net.Conv2d($"{name}.convolution", input, channels, kernel, stride, kernel / 2, groups);
        return net.ReLU6($"{name}.activation", net.BatchNorm2d($"{name}.normalization", x));
    }
}
