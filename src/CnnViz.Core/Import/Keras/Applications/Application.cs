using System.Globalization;
using System.Text.RegularExpressions;
using CnnViz.Networks;

namespace CnnViz.Import.Keras.Applications;

/// <summary>A network of keras.applications, whose files of weights do not carry it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Describe">Puts its layers together, with or without the classifier, and gives the last.</param>
internal sealed partial record Application(string Name, Func<ApplicationBuilder, bool, string> Describe)
{
    /// <summary>Those that are known.</summary>
    public static IReadOnlyList<Application> All { get; } =
    [
        new("vgg16", (net, top) => Vgg.Describe(net, [2, 2, 3, 3, 3], top)),
        new("vgg19", (net, top) => Vgg.Describe(net, [2, 2, 4, 4, 4], top)),
        new("resnet50", (net, top) => ResNet.Describe(net, [3, 4, 6, 3], top)),
        new("resnet101", (net, top) => ResNet.Describe(net, [3, 4, 23, 3], top)),
        new("resnet152", (net, top) => ResNet.Describe(net, [3, 8, 36, 3], top)),
        new("inception_v3", InceptionV3.Describe) { InputSize = 299 },
        new("mobilenet", MobileNet.Describe),
        new("mobilenetv2", MobileNetV2.Describe),
        new("densenet121", (net, top) => DenseNet.Describe(net, [6, 12, 24, 16], top)),
        new("densenet169", (net, top) => DenseNet.Describe(net, [6, 12, 32, 32], top)),
        new("densenet201", (net, top) => DenseNet.Describe(net, [6, 12, 48, 32], top)),
        new("xception", Xception.Describe) { InputSize = 299 },
        new("inception_resnet_v2", InceptionResNetV2.Describe) { InputSize = 299 },
        new("resnet50v2", (net, top) => ResNetV2.Describe(net, [3, 4, 6, 3], top)),
        new("resnet101v2", (net, top) => ResNetV2.Describe(net, [3, 4, 23, 3], top)),
        new("resnet152v2", (net, top) => ResNetV2.Describe(net, [3, 8, 36, 3], top)),
        OfEfficientNet("b0", 1.0, 224),
        OfEfficientNet("b1", 1.1, 240),
        OfEfficientNet("b2", 1.2, 260),
        OfEfficientNet("b3", 1.4, 300),
        OfEfficientNet("b4", 1.8, 380),
        OfEfficientNet("b5", 2.2, 456),
        OfEfficientNet("b6", 2.6, 528),
        OfEfficientNet("b7", 3.1, 600),
    ];

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => All.Select(application => application.Name);

    // What a layer needs in a file of weights.
    private static readonly string[] s_weighted = ["Conv2D", "DepthwiseConv2D", "SeparableConv2D", "BatchNormalization", "Dense"];

    /// <summary>Height and width of the images that its published weights were tested with.</summary>
    public int InputSize { get; init; } = 224;

    /// <summary>What its published weights were trained with, where its own scaling is left out; null for what Keras says.</summary>
    public Preprocessing? Preprocessing { get; init; }

    private static Application OfEfficientNet(string size, double depth, int inputSize) =>
        new($"efficientnet{size}", (net, top) => EfficientNet.Describe(net, depth, top))
        {
            InputSize = inputSize,
            Preprocessing = Preprocessing.ImageNet,
        };

    /// <summary>The network as it fits a file, or null where it does not.</summary>
    /// <param name="layers">The names of the file's layers that have weights.</param>
    public KerasModel? Fit(IReadOnlyCollection<string> layers) =>
        new[] { true, false }.Select(top => Build(layers, top)).FirstOrDefault(model => layers
            .Where(layer => Preprocessing is null || !layer.StartsWith("normalization", StringComparison.Ordinal))
            .ToHashSet()
            .SetEquals(model.Layers.Where(layer => s_weighted.Contains(layer.Class)).Select(layer => layer.Name)));

    private KerasModel Build(IReadOnlyCollection<string> layers, bool top)
    {
        Dictionary<string, Queue<string>> numbered = layers
            .Select(layer => NumberedName().Match(layer))
            .Where(match => match.Success)
            .GroupBy(match => match.Groups["word"].Value)
            .ToDictionary(group => group.Key, group => new Queue<string>(group.OrderBy(Number).Select(match => match.Value)));
        var net = new ApplicationBuilder(Name, numbered);
        return net.Build(Describe(net, top));

        static int Number(Match match) => match.Groups["number"].Success
            ? int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture)
            : 0;
    }

    [GeneratedRegex(@"^(?<word>conv2d|batch_normalization)(_(?<number>\d{1,6}))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex NumberedName();
}
