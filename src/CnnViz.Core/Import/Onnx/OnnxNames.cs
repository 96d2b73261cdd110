using System.Text.RegularExpressions;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks.Graphs;

namespace CnnViz.Import.Onnx;

/// <summary>
/// Finds the author's name of each node under what exporters make of it: module paths in node names (PyTorch), names of weights,
/// numbered blobs (Caffe2), temporaries (Paddle).
/// </summary>
/// <param name="numberedBlobs">Whether output names end in a number, as Caffe2's do.</param>
/// <param name="exact">Whether nodes have the author's names already, as in files of our own.</param>
internal sealed partial class OnnxNames(bool numberedBlobs, bool exact = false)
{
    private readonly UniqueNames _taken = new(first: 2);

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
    /// <param name="isPart">Whether the node is a part of one in the file, which another part has the name of.</param>
    public string NameOf(NodeProto node, string output, string kind, Func<string, bool> isWeight, string? sourceName, bool isPart = false)
    {
        string? wanted = isPart ? null : Wanted(node, output, isWeight);
        string? root = wanted is null ? sourceName : _taken.Contains(wanted) ? wanted : null;
        string name = root is null ? wanted ?? output : $"{_roots.GetValueOrDefault(root, root)}/{kind.ToLowerInvariant()}";

        string unique = _taken.Add(name);
        if (root is not null)
        {
            _roots[unique] = _roots.GetValueOrDefault(root, root);
        }

        return unique;
    }

    /// <summary>
    /// The nodes of a graph with a module's name for what leaves the module alone: other operations of it are called after it, as
    /// <c>layer1.0/add</c>. Where a module has weights and no others within it, what has them keeps its name.
    /// </summary>
    public IReadOnlyList<GraphNode> Settle(Graph graph)
    {
        GraphNode[] nodes = [.. graph.Nodes];
        foreach (GraphBlock block in exact ? [] : graph.Blocks)
        {
            int named = block.Members.FirstOrDefault(member => nodes[member].Name == block.Name);
            if (named == 0 || nodes[named].Operator.ParameterCount > 0 || (!block.HasModules && named == block.Node))
            {
                continue;
            }

            nodes[named] = nodes[named] with { Name = _taken.Add($"{block.Name}/{nodes[named].Operator.Kind.ToLowerInvariant()}") };
            if (!block.HasModules)
            {
                nodes[block.Node] = nodes[block.Node] with { Name = block.Name };
            }
        }

        return nodes;
    }

    /// <summary>A name without what quantizers add to it.</summary>
    public static string WithoutQuantization(string name) => QuantizationSuffix().Replace(name, string.Empty);

    /// <summary>Whether no author gave a name: a number, or an operator's name with a number.</summary>
    public static bool IsExporters(string name) => ExporterName().IsMatch(name);

    private string? Wanted(NodeProto node, string output, Func<string, bool> isWeight)
    {
        if (exact)
        {
            return node.Name;
        }

        string? weight = node.Input.Skip(1).Where(isWeight)
            .Select(input => WeightSuffix().Match(WithoutQuantization(input)))
            .FirstOrDefault(match => match.Success && IsAuthors(match.Groups["name"].Value))?.Groups["name"].Value;
        if (weight is not null)
        {
            return weight;
        }

        if (OnnxModules.InMetadata(node) is [.., var module])
        {
            return module;
        }

        string given = WithoutQuantization(node.Name);
        if (given.Length > 0 && !ExporterName().IsMatch(given))
        {
            return given.StartsWith('/') ? OnnxModules.InPath(given) is [.., var last] ? last : given.Trim('/') : given;
        }

        string clean = TemporarySuffix().Replace(output, string.Empty);
        if (numberedBlobs)
        {
            clean = BlobNumber().Replace(clean, string.Empty);
        }

        return ExporterName().IsMatch(clean) ? null : clean;
    }

    // The modules of a Sequential have numbers.
    private static bool IsAuthors(string name) => name.All(char.IsAsciiDigit) ? name.Length < 3 : !ExporterName().IsMatch(name);

    [GeneratedRegex(@"^(?<name>.+?)([._/](weight|kernel|gamma|w)|_w_0|\.w_0|/(kernel|weight|gamma)(:0|/read.*)?)$", RegexOptions.ExplicitCapture)]
    private static partial Regex WeightSuffix();

    [GeneratedRegex(@"^(\d+|[A-Z][A-Za-z]*[_@.]\d+|onnx::.*|p2o\..*|\w+_output_\d+|/.*_output_\d+)$")]
    private static partial Regex ExporterName();

    // ONNX Runtime's quantizer, and those of others.
    [GeneratedRegex(@"(_quantized|_quant|_QuantizeLinear(_Input|_Output)?|_DequantizeLinear(_Output)?|_dequantized)+(_\d+)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex QuantizationSuffix();

    [GeneratedRegex(@"(\.tmp_\d+|_Output_\d+)$")]
    private static partial Regex TemporarySuffix();

    [GeneratedRegex(@"_\d+$")]
    private static partial Regex BlobNumber();
}
