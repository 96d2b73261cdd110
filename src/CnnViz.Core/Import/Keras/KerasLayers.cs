using System.Text.RegularExpressions;
using CnnViz.Import.Onnx;

namespace CnnViz.Import.Keras;

/// <summary>The layers of Keras that are known, each with how its nodes are made.</summary>
internal static partial class KerasLayers
{
    private static readonly Dictionary<string, Func<KerasLayerCall, KerasValue>> s_layers = new(StringComparer.Ordinal);

    static KerasLayers()
    {
        Dictionary<string, Func<KerasLayerCall, KerasValue>>[] families =
            [Convolutions(), Poolings(), Weighted(), Activations(), Merges(), Shapes(), Pixels(), Sizes(), Identities()];
        foreach ((string name, Func<KerasLayerCall, KerasValue> make) in families.SelectMany(family => family))
        {
            s_layers.Add(name, make);
        }
    }

    /// <summary>How to make a layer's nodes, or null.</summary>
    /// <param name="className">Name of the layer's class, in any version of Keras.</param>
    public static Func<KerasLayerCall, KerasValue>? Find(string className) =>
        s_layers.GetValueOrDefault(className.Replace("Convolution2D", "Conv2D", StringComparison.Ordinal))
        ?? s_layers.GetValueOrDefault(s_version.Replace(className, string.Empty))
        ?? (s_ownIdentities.Contains(className.Split('>')[^1]) ? call => call.Input : null);

    /// <summary>Whether a layer does the same with each value, wherever it stands.</summary>
    public static bool IsPointwise(string className) =>
        s_identities.Contains(className) || className is "Activation" or "ReLU" or "LeakyReLU" or "ELU" or "Rescaling";

    // What trains a network, or varies its training images, and does nothing when it is used.
    private static readonly HashSet<string> s_identities =
    [
        "Dropout", "SpatialDropout2D", "SpatialDropout1D", "Identity", "RandomHeight", "RandomWidth", "RandomGrayscale", "RandomPosterization",
        "RandomElasticTransform", "RandAugment", "AugMix", "MixUp", "CutMix", "GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization", "RandomFlip",
        "RandomRotation", "RandomZoom", "RandomContrast", "RandomTranslation", "RandomBrightness", "RandomShear", "RandomHue",
        "RandomSaturation", "RandomColorJitter", "RandomGaussianBlur", "RandomErasing", "RandomInvert", "RandomPerspective",
        "RandomSharpness",
    ];

    // Layers of the same use that authors and libraries have under these names.
    private static readonly HashSet<string> s_ownIdentities =
        ["FixedDropout", "StochasticDepth", "DropPath", "DropConnect", "DropBlock2D", "DropBlock"];

    // BatchNormalizationV1: TensorFlow 1 had some layers twice.
    private static readonly Regex s_version = new("V[12]$");

    private static Dictionary<string, Func<KerasLayerCall, KerasValue>> Identities() =>
        s_identities.ToDictionary(name => name, _ => new Func<KerasLayerCall, KerasValue>(call => call.Input), StringComparer.Ordinal);

    private static UnsupportedUseException Unsupported(string setting, object value) => new($"with {setting} = {value}");
}
