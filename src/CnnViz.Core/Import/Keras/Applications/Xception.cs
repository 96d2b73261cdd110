namespace CnnViz.Import.Keras.Applications;

/// <summary>Xception (Chollet 2017).</summary>
internal static class Xception
{
    private const int FirstOfMiddle = 5;
    private const int Last = 14;

    /// <param name="net">The model.</param>
    /// <param name="top">Whether the classifier is there.</param>
    public static string Describe(ApplicationBuilder net, bool top)
    {
        string x = Start(net, "block1_conv1", ApplicationBuilder.Image, stride: 2);
        x = Start(net, "block1_conv2", x, stride: 1);
        for (int block = 2; block < Last; block++)
        {
            x = block is >= FirstOfMiddle and < Last - 1 ? Middle(net, $"block{block}", x) : Shrink(net, block, x);
        }

        for (int i = 1; i <= 2; i++)
        {
            string name = $"block{Last}_sepconv{i}";
            x = net.Activation($"{name}_act", Separable(net, name, x));
        }

        return top ? net.Classify(x, pool: "avg_pool") : x;
    }

    private static string Start(ApplicationBuilder net, string name, string input, int stride) => net.Activation(
        $"{name}_act", net.Norm($"{name}_bn", net.Conv(name, input, new { strides = stride, use_bias = false })));

    // The shortcut has no names of its own.
    private static string Shrink(ApplicationBuilder net, int block, string input)
    {
        string shortcut = net.Norm(null, net.Conv(null, input, new { strides = 2, padding = "same", use_bias = false }));
        string x = input;
        for (int i = 1; i <= 2; i++)
        {
            string name = $"block{block}_sepconv{i}";
            x = block == 2 && i == 1 ? x : net.Activation($"{name}_act", x);
            x = Separable(net, name, x);
        }

        x = net.Add("MaxPooling2D", $"block{block}_pool", new { pool_size = 3, strides = 2, padding = "same" }, x);
        return net.Add("Add", null, new { }, x, shortcut);
    }

    private static string Middle(ApplicationBuilder net, string block, string input)
    {
        string x = input;
        for (int i = 1; i <= 3; i++)
        {
            x = Separable(net, $"{block}_sepconv{i}", net.Activation($"{block}_sepconv{i}_act", x));
        }

        return net.Add("Add", null, new { }, x, input);
    }

    private static string Separable(ApplicationBuilder net, string name, string input) =>
        net.Norm($"{name}_bn", net.Add("SeparableConv2D", name, new { padding = "same", use_bias = false }, input));
}
