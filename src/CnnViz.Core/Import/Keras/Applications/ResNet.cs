namespace CnnViz.Import.Keras.Applications;

/// <summary>ResNet with bottlenecks (He et al. 2016), whose blocks shrink in their first convolution.</summary>
internal static class ResNet
{
    private const double Epsilon = 1.001e-5;

    /// <param name="net">The model.</param>
    /// <param name="depths">Blocks of each stage.</param>
    /// <param name="top">Whether the classifier is there.</param>
    public static string Describe(ApplicationBuilder net, int[] depths, bool top)
    {
        string x = net.Add("ZeroPadding2D", "conv1_pad", new { padding = 3 }, ApplicationBuilder.Image);
        x = net.Conv("conv1_conv", x, new { strides = 2 });
        x = net.Activation("conv1_relu", net.Norm("conv1_bn", x, Epsilon));
        x = net.Add("ZeroPadding2D", "pool1_pad", new { padding = 1 }, x);
        x = net.Add("MaxPooling2D", "pool1_pool", new { pool_size = 3, strides = 2 }, x);
        for (int stage = 0; stage < depths.Length; stage++)
        {
            for (int i = 1; i <= depths[stage]; i++)
            {
                x = Block(net, $"conv{stage + 2}_block{i}", x, stride: i == 1 && stage > 0 ? 2 : 1, isFirst: i == 1);
            }
        }

        return top ? net.Classify(x, pool: "avg_pool") : x;
    }

    private static string Block(ApplicationBuilder net, string name, string input, int stride, bool isFirst)
    {
        string shortcut = isFirst ? net.Norm($"{name}_0_bn", net.Conv($"{name}_0_conv", input, new { strides = stride }), Epsilon) : input;
        string x = net.Conv($"{name}_1_conv", input, new { strides = stride });
        x = net.Activation($"{name}_1_relu", net.Norm($"{name}_1_bn", x, Epsilon));
        x = net.Conv($"{name}_2_conv", x, new { padding = "same" });
        x = net.Activation($"{name}_2_relu", net.Norm($"{name}_2_bn", x, Epsilon));
        x = net.Norm($"{name}_3_bn", net.Conv($"{name}_3_conv", x, new { }), Epsilon);
        return net.Activation($"{name}_out", net.Add("Add", $"{name}_add", new { }, shortcut, x));
    }
}
