namespace CnnViz.Import.Keras.Applications;

/// <summary>Inception v3 (Szegedy et al. 2016). Its convolutions have no names but the numbers in which Keras made them.</summary>
internal static class InceptionV3
{
    /// <param name="net">The model.</param>
    /// <param name="top">Whether the classifier is there.</param>
    public static string Describe(ApplicationBuilder net, bool top)
    {
        string x = Conv(net, ApplicationBuilder.Image, stride: 2, padding: "valid");
        x = Conv(net, Conv(net, x, padding: "valid"));
        x = MaxPool(net, x);
        x = Conv(net, Conv(net, x, padding: "valid"), padding: "valid");
        x = MaxPool(net, x);
        for (int i = 0; i < 3; i++)
        {
            x = Join(net, $"mixed{i}", Conv(net, x), Convs(net, x, 2), Convs(net, x, 3), Conv(net, AveragePool(net, x)));
        }

        x = Join(net, "mixed3", Shrink(net, x, 0), Shrink(net, x, 2), MaxPool(net, x));
        for (int i = 4; i < 8; i++)
        {
            x = Join(net, $"mixed{i}", Conv(net, x), Convs(net, x, 3), Convs(net, x, 5), Conv(net, AveragePool(net, x)));
        }

        x = Join(net, "mixed8", Shrink(net, x, 1), Shrink(net, x, 3), MaxPool(net, x));
        for (int i = 0; i < 2; i++)
        {
            string single = Conv(net, x);
            string split = Split(net, $"mixed9_{i}", Conv(net, x));
            string deepSplit = Split(net, null, Convs(net, x, 2));
            x = Join(net, $"mixed{9 + i}", single, split, deepSplit, Conv(net, AveragePool(net, x)));
        }

        return top ? net.Classify(x, pool: "avg_pool") : x;
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

    private static string Split(ApplicationBuilder net, string? name, string x) => Join(net, name, Conv(net, x), Conv(net, x));

    private static string Join(ApplicationBuilder net, string? name, params string[] parts) =>
        net.Add("Concatenate", name, new { axis = 3 }, parts);

    private static string MaxPool(ApplicationBuilder net, string x) => net.Add("MaxPooling2D", null, new { pool_size = 3, strides = 2 }, x);

    private static string AveragePool(ApplicationBuilder net, string x) =>
        net.Add("AveragePooling2D", null, new { pool_size = 3, strides = 1, padding = "same" }, x);
}
