using System.Text.RegularExpressions;
using CnnViz.Import.Onnx.Protocol;

namespace CnnViz.Import.Onnx;

/// <summary>
/// Finds the author's name of each node under what exporters make of it: module paths in node names (PyTorch), names of weights,
/// numbered blobs (Caffe2), temporaries (Paddle).
/// </summary>
/// <param name="numberedBlobs">Whether output names end in a number, as Caffe2's do.</param>
/// <param name="exact">Whether nodes have the author's names already, as in files of our own.</param>
internal sealed partial class OnnxNames(bool numberedBlobs, bool exact = false)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    // Where a name was made from that of a node before: that node's.
    private readonly Dictionary<string, string> _roots = new(StringComparer.Ordinal);

    /// <summary>
    /// A name that no other node has. A node without a name of its own, or one written in place under its producer's name, is
    /// called after the node before it: <c>conv1/relu</c>.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="output">Name of its output value.</param>
    /// <param name="kind">Kind of its operator.</param>
    /// <param name="isWeight">Whether a value is a weight rather than something computed.</param>
    /// <param name="sourceName">The name that the node's first input was given, for activations that have none of their own.</param>
    public string NameOf(NodeProto node, string output, string kind, Func<string, bool> isWeight, string? sourceName)
    {
        string? wanted = Wanted(node, output, isWeight);
        string? root = wanted is null ? sourceName : _taken.Contains(wanted) ? wanted : null;
        string name = root is null ? wanted ?? output : $"{_roots.GetValueOrDefault(root, root)}/{kind.ToLowerInvariant()}";

        string unique = name;
        for (int i = 2; !_taken.Add(unique); i++)
        {
            unique = $"{name}_{i}";
        }

        if (root is not null)
        {
            _roots[unique] = _roots.GetValueOrDefault(root, root);
        }

        return unique;
    }

    private string? Wanted(NodeProto node, string output, Func<string, bool> isWeight)
    {
        if (exact)
        {
            return node.Name;
        }

        string? weight = node.Input.Skip(1).Where(isWeight)
            .Select(input => WeightSuffix().Match(input))
            .FirstOrDefault(match => match.Success && !ExporterName().IsMatch(match.Groups["name"].Value))?.Groups["name"].Value;
        if (weight is not null)
        {
            return weight;
        }

        if (node.Name.Length > 0 && !ExporterName().IsMatch(node.Name))
        {
            return node.Name.StartsWith('/') ? ModulePath(node.Name) : node.Name;
        }

        string clean = TemporarySuffix().Replace(output, string.Empty);
        if (numberedBlobs)
        {
            clean = BlobNumber().Replace(clean, string.Empty);
        }

        return ExporterName().IsMatch(clean) ? null : clean;
    }

    // PyTorch: /layer1/layer1.0/conv1/Conv is the operation Conv of the module layer1.0.conv1.
    private static string ModulePath(string scope)
    {
        string path = string.Empty;
        string[] parts = scope.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (string part in parts.Length > 1 ? parts[..^1] : parts)
        {
            bool repeats = path.Length == 0 || part == path || part.StartsWith(path + ".", StringComparison.Ordinal);
            string last = path[(path.LastIndexOf('.') + 1)..];
            path = repeats ? part
                : part.StartsWith(last + ".", StringComparison.Ordinal) ? path[..^last.Length] + part
                : $"{path}.{part}";
        }

        return path;
    }

    [GeneratedRegex(@"^(?<name>.+?)([._/](weight|kernel|gamma|w)|_w_0|\.w_0|/(kernel|weight|gamma)(:0|/read.*)?)$", RegexOptions.ExplicitCapture)]
    private static partial Regex WeightSuffix();

    // Names that no author gave: numbers, and an operator's name with a number.
    [GeneratedRegex(@"^(\d+|[A-Z][A-Za-z]*[_@.]\d+|onnx::.*|p2o\..*|\w+_output_\d+|/.*_output_\d+)$")]
    private static partial Regex ExporterName();

    [GeneratedRegex(@"(\.tmp_\d+|_Output_\d+)$")]
    private static partial Regex TemporarySuffix();

    [GeneratedRegex(@"_\d+$")]
    private static partial Regex BlobNumber();
}
