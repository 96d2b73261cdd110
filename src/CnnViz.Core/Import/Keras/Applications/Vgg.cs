namespace CnnViz.Import.Keras.Applications;

/// <summary>VGG (Simonyan, Zisserman 2015).</summary>
internal static class Vgg
{
    /// <param name="net">The model.</param>
    /// <param name="depths">Convolutions of each block.</param>
    /// <param name="top">Whether the classifier is there.</param>
    public static string Describe(ApplicationBuilder net, int[] depths, bool top)
    {
        string x = ApplicationBuilder.Image;
        for (int block = 1; block <= depths.Length; block++)
        {
            for (int i = 1; i <= depths[block - 1]; i++)
            {
                x = net.Conv($"block{block}_conv{i}", x, new { padding = "same", activation = "relu" });
            }

            x = net.Add("MaxPooling2D", $"block{block}_pool", new { pool_size = 2 }, x);
        }

        if (!top)
        {
            return x;
        }

        x = net.Add("Flatten", "flatten", new { }, x);
        x = net.Add("Dense", "fc1", new { activation = "relu" }, x);
        x = net.Add("Dense", "fc2", new { activation = "relu" }, x);
        return net.Add("Dense", "predictions", new { activation = "softmax" }, x);
    }
}
