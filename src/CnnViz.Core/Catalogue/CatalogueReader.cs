using System.Globalization;
using CnnViz.Networks;

namespace CnnViz.Catalogue;

/// <summary>Reads the catalogue, a table of comma-separated values that is part of the assembly.</summary>
internal static class CatalogueReader
{
    private const string RoundedUnit = " MB";

    private static readonly Dictionary<string, Uri> s_publishers = new()
    {
        ["torchvision"] = new("https://download.pytorch.org/models/"),

        // Where the ONNX model zoo's files are since its repository gives them out no more; paths and files are the same.
        ["onnx-zoo"] = new("https://huggingface.co/onnxmodelzoo/legacy_models/resolve/main/validated/vision/classification/"),
    };

    private static readonly Dictionary<string, Preprocessing> s_preprocessings = new()
    {
        ["ImageNet"] = Preprocessing.ImageNet,
        ["Symmetric"] = Preprocessing.Symmetric,
        ["Unit"] = Preprocessing.Unit,

        // BGR, less the mean colour of ImageNet to the thousandth.
        ["CaffeExact"] = Preprocessing.Caffe with { Name = "Custom", Mean = [103.939f, 116.779f, 123.68f] },

        // The mean colour of Caffe's VGG, in RGB and parts of the whole range.
        ["Vgg"] = new Preprocessing { Mean = [0.48235f, 0.45882f, 0.40784f], Std = [1 / 255f] },

        // EfficientNet-Lite's pixel values, of about −1…1.
        ["Lite"] = new Preprocessing { Scale = 255, Mean = [127f], Std = [128f] },
    };

    private static readonly Dictionary<string, (string Dataset, Lazy<IReadOnlyList<string>> Names)> s_classes = new()
    {
        ["ImageNet"] = ("ImageNet-1K", new(() => ClassLists.ImageNet)),
        ["Digits"] = ("MNIST", new(() => Enumerable.Range(0, 10).Select(digit => $"{digit}").ToArray())),
    };

    /// <summary>All models of the catalogue.</summary>
    public static IReadOnlyList<PublishedModel> ReadAll()
    {
        string[] lines = [.. Lines().Where(line => !line.StartsWith('#'))];
        string[] columns = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => Read(columns.Zip(line.Split(',')).ToDictionary(pair => pair.First, pair => pair.Second)))];
    }

    private static PublishedModel Read(Dictionary<string, string> row)
    {
        string length = row["length"];
        bool isRounded = length.EndsWith(RoundedUnit, StringComparison.Ordinal);
        (string? dataset, IReadOnlyList<string> names) = s_classes.TryGetValue(row["classes"], out var classes)
            ? (classes.Dataset, classes.Names.Value)
            : ("ImageNet-1K", []);
        return new PublishedModel
        {
            Name = row["name"],
            Weights = Text(row["weights"]),
            Architecture = Text(row["architecture"]),
            Family = row["family"],
            Publisher = row["publisher"],
            Uri = new Uri(s_publishers[row["publisher"]], row["path"]),
            Length = isRounded
                ? (long)Math.Round(double.Parse(length[..^RoundedUnit.Length], CultureInfo.InvariantCulture) * (1 << 20))
                : long.Parse(length, CultureInfo.InvariantCulture),
            IsLengthExact = !isRounded,
            Sha256 = row["sha256"],
            Opset = Number<int>(row["opset"]),
            Parameters = Number<long>(row["parameters"]),
            Dataset = dataset,
            Accuracy = Number<double>(row["accuracy"]),
            Accuracy5 = Number<double>(row["accuracy5"]),
            License = Text(row["license"]),
            Preprocessing = s_preprocessings.TryGetValue(row["preprocessing"], out Preprocessing? preprocessing)
                ? preprocessing with { Source = PreprocessingSource.Catalogue }
                : null,
            ResizeSize = Number<int>(row["resize"]),
            InputSize = Number<int>(row["crop"]),
            Interpolation = Text(row["interpolation"]),
            ClassNames = names,
        };
    }

    private static string? Text(string value) => value.Length > 0 ? value : null;

    private static T? Number<T>(string value)
        where T : struct, IParsable<T> => value.Length > 0 ? T.Parse(value, CultureInfo.InvariantCulture) : null;

    private static IEnumerable<string> Lines()
    {
        using Stream stream = typeof(CatalogueReader).Assembly.GetManifestResourceStream("CnnViz.Catalogue.models.csv")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
