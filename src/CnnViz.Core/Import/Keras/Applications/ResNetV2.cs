namespace CnnViz.Import.Keras.Applications;

/// <summary>ResNet with normalizations before convolutions (He et al. 2016b), whose stages shrink in their last block.</summary>
internal static class ResNetV2
{
    private const double Epsilon = 1.001e-5;

    /// <param name="net">The model.</param>
    /// <param name="depths">Blocks of each stage.</param>
    /// <param name="top">Whether the classifier is there.</param>
    public static string Describe(ApplicationBuilder net, int[] depths, bool top)
    {
        string x = net.Add("ZeroPadding2D", "conv1_pad", new { padding = 3 }, ApplicationBuilder.Image);
        x = net.Conv("conv1_conv", x, new { strides = 2 });
        x = net.Add("ZeroPadding2D", "pool1_pad", new { padding = 1 }, x);
        x = net.Add("MaxPooling2D", "pool1_pool", new { pool_size = 3, strides = 2 }, x);
        for (int stage = 0; stage < depths.Length; stage++)
        {
            for (int i = 1; i <= depths[stage]; i++)
            {
                bool isHalved = i == depths[stage] && stage < depths.Length - 1;
                x = Block(net, $"conv{stage + 2}_block{i}", x, isHalved ? 2 : 1, isFirst: i == 1);
            }
        }

        x = net.Activation("post_relu", net.Norm("post_bn", x, Epsilon));
        return top ? net.Classify(x, pool: "avg_pool") : x;
    }

    private static string Block(ApplicationBuilder net, string name, string input, int stride, bool isFirst)
    {
        string start = net.Activation($"{name}_preact_relu", net.Norm($"{name}_preact_bn", input, Epsilon));
        string shortcut = isFirst ? net.Conv($"{name}_0_conv", start, new { strides = stride })
            : stride > 1 ? net.Add("MaxPooling2D", null, new { pool_size = 1, strides = stride }, input)
            : input;
        string x = net.Norm($"{name}_1_bn", net.Conv($"{name}_1_conv", start, new { use_bias = false }), Epsilon);
        x = net.Add("ZeroPadding2D", $"{name}_2_pad", new { padding = 1 }, net.Activation($"{name}_1_relu", x));
        x = net.Norm($"{name}_2_bn", net.Conv($"{name}_2_conv", x, new { strides = stride, use_bias = false }), Epsilon);
        x = net.Conv($"{name}_3_conv", net.Activation($"{name}_2_relu", x), new { });
        return net.Add("Add", $"{name}_out", new { }, shortcut, x);
    }
}
