using System.Globalization;
using System.Text.RegularExpressions;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;

namespace CnnViz.Import.Onnx;

/// <summary>What Ultralytics' exporter writes beside a YOLO network, as Python writes dictionaries and lists.</summary>
internal sealed partial class UltralyticsMetadata
{
    private readonly long?[] _output;

    private UltralyticsMetadata(string[] names, string? task, int[] sizes, long?[] output) =>
        (Names, Task, Sizes, _output) = (names, task, sizes, output);

    /// <summary>Names of the classes, by their numbers.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What the network is for, such as <c>detect</c>; null where older versions do not say.</summary>
    public string? Task { get; }

    /// <summary>Whether the output is one value a class.</summary>
    public bool IsClassifier => _output.Length == 2;

    /// <summary>Names of the output's values; null where they are not classes.</summary>
    public IReadOnlyList<string>? OutputClasses => IsClassifier && _output[1] == Names.Count ? Names : null;

    /// <summary>Height of the images; null where it is not said.</summary>
    public int? Height => Sizes.Count > 0 ? Sizes[0] : null;

    /// <summary>Width of the images; null where it is not said.</summary>
    public int? Width => Sizes.Count > 0 ? Sizes[^1] : null;

    /// <summary>0…1, RGB; null for YOLOv5's classifiers, which want ImageNet's and do not say their task.</summary>
    public Preprocessing? Preprocessing =>
        IsClassifier && Task is null ? null : CnnViz.Networks.Preprocessing.Unit with { Source = PreprocessingSource.Metadata };

    private IReadOnlyList<int> Sizes { get; }

    /// <summary>Reads it; null where the file has none.</summary>
    public static UltralyticsMetadata? Read(ModelProto model)
    {
        Dictionary<string, string> entries = model.MetadataProps.GroupBy(entry => entry.Key).ToDictionary(group => group.Key, group => group.Last().Value);
        if (!entries.TryGetValue("names", out string? text) || !entries.ContainsKey("stride"))
        {
            return null;
        }

        Match[] numbered = NumberedName().Matches(text).ToArray();
        string[] names = numbered.Length > 0
            ? [.. numbered.OrderBy(match => int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture)).Select(match => NameOf(match))]
            : [.. Name().Matches(text).Select(match => NameOf(match))];
        int[] sizes = [.. Number().Matches(entries.GetValueOrDefault("imgsz", string.Empty))
            .Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture)).Where(size => size > 0)];
        long?[] output = model.Graph.Output is [var only] ? OnnxInput.ShapeOf(only) ?? [] : [];
        return names.Length == 0 ? null : new UltralyticsMetadata(names, entries.GetValueOrDefault("task"), sizes, output);
    }

    /// <summary>The layers whose filters are the classes: the last convolutions of the branch of a head that tells them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> NamesByLayer(Graph graph) => graph.Nodes
        .Where(node => ClassBranch().IsMatch(node.Name) && node.Definition is { Type: "Conv" } definition
            && definition.Constants.TryGetValue(1, out TorchSharp.torch.Tensor? weights) && weights.shape[0] == Names.Count)
        .GroupBy(node => node.Name).ToDictionary(group => group.Key, _ => Names, StringComparer.Ordinal);

    private static string NameOf(Match match) => match.Groups["name"].Value.Replace("\\'", "'", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<number>\d{1,8})\s*:\s*(?<quote>['""])(?<name>(\\.|(?!\k<quote>).)*)\k<quote>", RegexOptions.ExplicitCapture)]
    private static partial Regex NumberedName();

    [GeneratedRegex(@"(?<quote>['""])(?<name>(\\.|(?!\k<quote>).)*)\k<quote>", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex(@"\d{1,5}")]
    private static partial Regex Number();

    // Such as model.22.cv3.0.2.
    [GeneratedRegex(@"cv3\W\d+\W2(\WConv)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex ClassBranch();
}
