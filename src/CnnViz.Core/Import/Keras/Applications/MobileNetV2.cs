namespace CnnViz.Import.Keras.Applications;

/// <summary>MobileNet v2 (Sandler et al. 2018) of any width: how many filters there are, the weights say.</summary>
internal static class MobileNetV2
{
    // Of the blocks behind the first: stride, and whether there is a shortcut.
    private static readonly (int Stride, bool HasShortcut)[] s_blocks =
    [
        (2, false), (1, true), (2, false), (1, true), (1, true), (2, false), (1, true), (1, true), (1, true), (1, false), (1, true),
        (1, true), (2, false), (1, true), (1, true), (1, false),
    ];

    /// <param name="net">The model.</param>
    /// <param name="top">Whether the classifier is there.</param>
    public static string Describe(ApplicationBuilder net, bool top)
    {
        string x = net.Conv("Conv1", ApplicationBuilder.Image, new { padding = "same", strides = 2, use_bias = false });
        x = ReLU6(net, "Conv1_relu", net.Norm("bn_Conv1", x));
        x = Block(net, "expanded_conv", x, stride: 1);
        for (int i = 1; i <= s_blocks.Length; i++)
        {
            (int stride, bool hasShortcut) = s_blocks[i - 1];
            string name = $"block_{i}";
            string expanded = net.Norm($"{name}_expand_BN", net.Conv($"{name}_expand", x, new { use_bias = false }));
            string output = Block(net, name, ReLU6(net, $"{name}_expand_relu", expanded), stride);
            x = hasShortcut ? net.Add("Add", $"{name}_add", new { }, x, output) : output;
        }

        x = net.Norm("Conv_1_bn", net.Conv("Conv_1", x, new { use_bias = false }));
        x = ReLU6(net, "out_relu", x);
        return top ? net.Classify(x, pool: "global_average_pooling2d") : x;
    }

    // TensorFlow's "same" is what Keras pads by hand for images of any size.
    private static string Block(ApplicationBuilder net, string name, string input, int stride)
    {
        string x = net.Add("DepthwiseConv2D", $"{name}_depthwise", new { padding = "same", strides = stride, use_bias = false }, input);
        x = ReLU6(net, $"{name}_depthwise_relu", net.Norm($"{name}_depthwise_BN", x));
        return net.Norm($"{name}_project_BN", net.Conv($"{name}_project", x, new { use_bias = false }));
    }

    private static string ReLU6(ApplicationBuilder net, string name, string input) => net.Add("ReLU", name, new { max_value = 6 }, input);
}
