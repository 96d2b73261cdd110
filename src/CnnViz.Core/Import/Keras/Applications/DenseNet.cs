namespace CnnViz.Import.Keras.Applications;

/// <summary>DenseNet (Huang et al. 2017).</summary>
internal static class DenseNet
{
    private const double Epsilon = 1.001e-5;

    /// <param name="net">The model.</param>
    /// <param name="depths">Layers of each block.</param>
    /// <param name="top">Whether the classifier is there.</param>
    public static string Describe(ApplicationBuilder net, int[] depths, bool top)
    {
        string x = net.Add("ZeroPadding2D", "zero_padding2d", new { padding = 3 }, ApplicationBuilder.Image);
        x = net.Conv("conv1_conv", x, new { strides = 2, use_bias = false });
        x = net.Activation("conv1_relu", net.Norm("conv1_bn", x, Epsilon));
        x = net.Add("ZeroPadding2D", "zero_padding2d_1", new { padding = 1 }, x);
        x = net.Add("MaxPooling2D", "pool1", new { pool_size = 3, strides = 2 }, x);
        for (int block = 0; block < depths.Length; block++)
        {
            x = block == 0 ? x : Transition(net, $"pool{block + 1}", x);
            for (int i = 1; i <= depths[block]; i++)
            {
                x = Layer(net, $"conv{block + 2}_block{i}", x);
            }
        }

        x = net.Activation("relu", net.Norm("bn", x, Epsilon));
        return top ? net.Classify(x, pool: "avg_pool") : x;
    }

    private static string Layer(ApplicationBuilder net, string name, string input)
    {
        string x = net.Activation($"{name}_0_relu", net.Norm($"{name}_0_bn", input, Epsilon));
        x = net.Norm($"{name}_1_bn", net.Conv($"{name}_1_conv", x, new { use_bias = false }), Epsilon);
        x = net.Conv($"{name}_2_conv", net.Activation($"{name}_1_relu", x), new { padding = "same", use_bias = false });
        return net.Add("Concatenate", $"{name}_concat", new { axis = 3 }, input, x);
    }

    private static string Transition(ApplicationBuilder net, string name, string input)
    {
        string x = net.Activation($"{name}_relu", net.Norm($"{name}_bn", input, Epsilon));
        x = net.Conv($"{name}_conv", x, new { use_bias = false });
        return net.Add("AveragePooling2D", $"{name}_pool", new { pool_size = 2, strides = 2 }, x);
    }
}
