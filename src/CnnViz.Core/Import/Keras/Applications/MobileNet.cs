namespace CnnViz.Import.Keras.Applications;

/// <summary>MobileNet (Howard et al. 2017) of any width: how many filters there are, the weights say.</summary>
internal static class MobileNet
{
    private static readonly int[] s_strides = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1];

    /// <param name="net">The model.</param>
    /// <param name="top">Whether the classifier is there.</param>
    public static string Describe(ApplicationBuilder net, bool top)
    {
        string x = net.Conv("conv1", ApplicationBuilder.Image, new { padding = "same", strides = 2, use_bias = false });
        x = NormReLU6(net, "conv1", x);
        for (int i = 1; i <= s_strides.Length; i++)
        {
            x = Block(net, i, x, s_strides[i - 1]);
        }

        if (!top)
        {
            return x;
        }

        x = net.Add("GlobalAveragePooling2D", "global_average_pooling2d", new { keepdims = true }, x);
        x = net.Conv("conv_preds", x, new { padding = "same" });
        x = net.Add("Flatten", "reshape_2", new { }, x);
        return net.Activation("predictions", x, "softmax");
    }

    private static string Block(ApplicationBuilder net, int number, string input, int stride)
    {
        string x = stride == 1 ? input : net.Add("ZeroPadding2D", $"conv_pad_{number}", new { padding = new[] { 0, 1, 0, 1 } }, input);
        string padding = stride == 1 ? "same" : "valid";
        x = net.Add("DepthwiseConv2D", $"conv_dw_{number}", new { padding, strides = stride, use_bias = false }, x);
        x = NormReLU6(net, $"conv_dw_{number}", x);
        return NormReLU6(net, $"conv_pw_{number}", net.Conv($"conv_pw_{number}", x, new { use_bias = false }));
    }

    private static string NormReLU6(ApplicationBuilder net, string name, string input) =>
        net.Add("ReLU", $"{name}_relu", new { max_value = 6 }, net.Norm($"{name}_bn", input));
}
