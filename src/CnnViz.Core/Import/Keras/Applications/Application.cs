using System.Globalization;
using System.Text.RegularExpressions;

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
    ];

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => All.Select(application => application.Name);

    // What a layer needs in a file of weights.
    private static readonly string[] s_weighted = ["Conv2D", "DepthwiseConv2D", "BatchNormalization", "Dense"];

    /// <summary>Height and width of the images that its published weights were tested with.</summary>
    public int InputSize { get; init; } = 224;

    /// <summary>The network as it fits a file, or null where it does not.</summary>
    /// <param name="layers">The names of the file's layers that have weights.</param>
    public KerasModel? Fit(IReadOnlyCollection<string> layers) =>
        new[] { true, false }.Select(top => Build(layers, top)).FirstOrDefault(model => layers.ToHashSet().SetEquals(model.Layers
            .Where(layer => s_weighted.Contains(layer.Class)).Select(layer => layer.Name)));

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
