namespace CnnViz.Import.Keras.Applications;

/// <summary>
/// EfficientNet (Tan, Le 2019) of any width. The layers before the first convolution, which bring the image to the range of ImageNet, are
/// a preprocessing here.
/// </summary>
internal static class EfficientNet
{
    private static readonly (int Depth, int Stride)[] s_stages = [(1, 1), (2, 2), (2, 2), (3, 2), (3, 1), (4, 2), (1, 1)];

    /// <param name="net">The model.</param>
    /// <param name="depth">How often the layers of the smallest are repeated.</param>
    /// <param name="top">Whether the classifier is there.</param>
    public static string Describe(ApplicationBuilder net, double depth, bool top)
    {
        string x = net.Conv("stem_conv", ApplicationBuilder.Image, new { padding = "same", strides = 2, use_bias = false });
        x = net.Activation("stem_activation", net.Norm("stem_bn", x), "swish");
        for (int stage = 0; stage < s_stages.Length; stage++)
        {
            int count = (int)Math.Ceiling(s_stages[stage].Depth * depth);
            for (int i = 0; i < count; i++)
            {
                string name = $"block{stage + 1}{(char)('a' + i)}";
                string output = Block(net, name, x, i == 0 ? s_stages[stage].Stride : 1, expands: stage > 0);
                x = i > 0 ? net.Add("Add", $"{name}_add", new { }, output, x) : output;
            }
        }

        x = net.Norm("top_bn", net.Conv("top_conv", x, new { padding = "same", use_bias = false }));
        x = net.Activation("top_activation", x, "swish");
        return top ? net.Classify(x, pool: "avg_pool") : x;
    }

    private static string Block(ApplicationBuilder net, string name, string input, int stride, bool expands)
    {
        string x = input;
        if (expands)
        {
            x = net.Norm($"{name}_expand_bn", net.Conv($"{name}_expand_conv", x, new { padding = "same", use_bias = false }));
            x = net.Activation($"{name}_expand_activation", x, "swish");
        }

        x = net.Add("DepthwiseConv2D", $"{name}_dwconv", new { padding = "same", strides = stride, use_bias = false }, x);
        x = net.Activation($"{name}_activation", net.Norm($"{name}_bn", x), "swish");
        string gate = net.Add("GlobalAveragePooling2D", $"{name}_se_squeeze", new { keepdims = true }, x);
        gate = net.Conv($"{name}_se_reduce", gate, new { padding = "same", activation = "swish" });
        gate = net.Conv($"{name}_se_expand", gate, new { padding = "same", activation = "sigmoid" });
        x = net.Add("Multiply", $"{name}_se_excite", new { }, x, gate);
        return net.Norm($"{name}_project_bn", net.Conv($"{name}_project_conv", x, new { padding = "same", use_bias = false }));
    }
}
