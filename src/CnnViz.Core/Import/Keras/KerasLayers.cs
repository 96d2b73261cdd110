using CnnViz.Import.Onnx;

namespace CnnViz.Import.Keras;

/// <summary>The layers of Keras that are known, each with how its nodes are made.</summary>
internal static partial class KerasLayers
{
    private static readonly Dictionary<string, Func<KerasLayerCall, KerasValue>> s_layers = new(StringComparer.Ordinal);

    static KerasLayers()
    {
        Dictionary<string, Func<KerasLayerCall, KerasValue>>[] families =
            [Convolutions(), Poolings(), Weighted(), Activations(), Merges(), Shapes(), Pixels(), Identities()];
        foreach ((string name, Func<KerasLayerCall, KerasValue> make) in families.SelectMany(family => family))
        {
            s_layers.Add(name, make);
        }
    }

    /// <summary>How to make a layer's nodes, or null.</summary>
    /// <param name="className">Name of the layer's class, in any version of Keras.</param>
    public static Func<KerasLayerCall, KerasValue>? Find(string className) =>
        s_layers.GetValueOrDefault(className.Replace("Convolution2D", "Conv2D", StringComparison.Ordinal));

    // What trains a network, or varies its training images, and does nothing when it is used.
    private static Dictionary<string, Func<KerasLayerCall, KerasValue>> Identities() => new[]
    {
        "Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization", "RandomFlip",
        "RandomRotation", "RandomZoom", "RandomContrast", "RandomTranslation", "RandomBrightness", "RandomShear", "RandomHue",
        "RandomSaturation", "RandomColorJitter", "RandomGaussianBlur", "RandomErasing", "RandomInvert", "RandomPerspective",
        "RandomSharpness",
    }.ToDictionary(name => name, _ => new Func<KerasLayerCall, KerasValue>(call => call.Input), StringComparer.Ordinal);

    private static UnsupportedUseException Unsupported(string setting, object value) => new($"with {setting} = {value}");
}
