using System.Text.RegularExpressions;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;

namespace CnnViz.Import.Keras;

/// <summary>
/// The models that Google's Teachable Machine exports as <c>keras_model.h5</c>, with the names of the classes beside it, in <c>labels.txt</c>.
/// </summary>
internal static partial class TeachableMachine
{
    private const string LabelsName = "labels.txt";

    // What its programs call the layers of the classifier.
    private const string Classifier = "dense_Dense2";
    private const string Pooling = "global_average_pooling2d_GlobalAveragePooling2D";

    /// <summary>What its own code does: image / 127.5 − 1.</summary>
    public static Preprocessing Preprocessing { get; } = Preprocessing.Symmetric with { Source = PreprocessingSource.Metadata };

    /// <summary>Whether a model is its work.</summary>
    public static bool Made(KerasModel model) => model.AllLayers.Any(layer => layer.Name == Classifier)
        && model.AllLayers.Any(layer => layer.Name.StartsWith(Pooling, StringComparison.Ordinal));

    /// <summary>The names of the classes by layer; none where there are none.</summary>
    /// <param name="path">The model's path.</param>
    /// <param name="graph">Its network.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ClassNames(string path, Graph graph)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (FilesBeside.Find(folder, LabelsName) is not { } labels || new FileInfo(labels) is not { Exists: true, Length: > 0 })
        {
            return new Dictionary<string, IReadOnlyList<string>>();
        }

        // 0 Class 1
        string[] names = [.. ClassLists.Read(labels).Select(line => Number().Replace(line, string.Empty))];
        return graph.Nodes
            .Where(node => node.Name.Contains(Classifier, StringComparison.Ordinal))
            .ToDictionary(node => node.Name, _ => (IReadOnlyList<string>)names, StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^\d+\s+")]
    private static partial Regex Number();
}
