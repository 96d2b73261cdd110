namespace CnnViz.Import.Keras.Applications;

/// <summary>Inception-ResNet v2 (Szegedy et al. 2017). Most of its convolutions have no names but the numbers in which Keras made them.</summary>
internal static class InceptionResNetV2
{
    /// <param name="net">The model.</param>
    /// <param name="top">Whether the classifier is there.</param>
    public static string Describe(ApplicationBuilder net, bool top)
    {
        string x = Conv(net, ApplicationBuilder.Image, stride: 2, padding: "valid");
        x = MaxPool(net, Conv(net, Conv(net, x, padding: "valid")));
        x = MaxPool(net, Conv(net, Conv(net, x, padding: "valid"), padding: "valid"));
        x = Join(net, "mixed_5b", Conv(net, x), Convs(net, x, 2), Convs(net, x, 3), Conv(net, AveragePool(net, x)));
        x = Blocks(net, "block35", 10, 0.17, x, y => [Conv(net, y), Convs(net, y, 2), Convs(net, y, 3)]);
        x = Join(net, "mixed_6a", Shrink(net, x, 0), Shrink(net, x, 2), MaxPool(net, x));
        x = Blocks(net, "block17", 20, 0.1, x, y => [Conv(net, y), Convs(net, y, 3)]);
        x = Join(net, "mixed_7a", Shrink(net, x, 1), Shrink(net, x, 1), Shrink(net, x, 2), MaxPool(net, x));
        x = Blocks(net, "block8", 9, 0.2, x, y => [Conv(net, y), Convs(net, y, 3)]);
        x = Block(net, "block8_10", 1, x, [Conv(net, x), Convs(net, x, 3)]);
        x = net.Norm("conv_7b_bn", net.Conv("conv_7b", x, new { padding = "same", use_bias = false }), scale: false);
        x = net.Activation("conv_7b_ac", x);
        return top ? net.Classify(x, pool: "avg_pool") : x;
    }

    private static string Blocks(ApplicationBuilder net, string kind, int count, double scale, string input, Func<string, string[]> branches)
    {
        string x = input;
        for (int i = 1; i <= count; i++)
        {
            x = net.Activation($"{kind}_{i}_ac", Block(net, $"{kind}_{i}", scale, x, branches(x)));
        }

        return x;
    }

    private static string Block(ApplicationBuilder net, string name, double scale, string input, string[] branches)
    {
        string x = net.Conv($"{name}_conv", Join(net, $"{name}_mixed", branches), new { padding = "same" });
        return net.Add("Add", name, new { }, input, net.Add("Rescaling", $"{name}_scale", new { scale }, x));
    }

    private static string Conv(ApplicationBuilder net, string input, int stride = 1, string padding = "same")
    {
        string x = net.Conv(null, input, new { strides = stride, padding, use_bias = false });
        return net.Activation(null, net.Norm(null, x, scale: false));
    }

    private static string Convs(ApplicationBuilder net, string input, int count) =>
        Enumerable.Range(0, count).Aggregate(input, (x, _) => Conv(net, x));

    private static string Shrink(ApplicationBuilder net, string input, int before) =>
        Conv(net, Convs(net, input, before), stride: 2, padding: "valid");

    private static string Join(ApplicationBuilder net, string name, params string[] parts) =>
        net.Add("Concatenate", name, new { axis = 3 }, parts);

    private static string MaxPool(ApplicationBuilder net, string x) => net.Add("MaxPooling2D", null, new { pool_size = 3, strides = 2 }, x);

    private static string AveragePool(ApplicationBuilder net, string x) =>
        net.Add("AveragePooling2D", null, new { pool_size = 3, strides = 1, padding = "same" }, x);
}
