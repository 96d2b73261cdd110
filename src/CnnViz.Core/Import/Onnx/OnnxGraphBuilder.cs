using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.Onnx;

/// <summary>
/// Turns the nodes of an ONNX graph into ours: one node for each output that is used, arithmetic on constants done at once, what
/// does nothing at inference left out, and left out too what depends on operators that are not known.
/// </summary>
internal sealed partial class OnnxGraphBuilder(string file, GraphProto proto, int opset, OnnxTensors tensors, OnnxNames names)
{
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private readonly List<string> _unsupported = [];
    private readonly SortedSet<string> _leftOut = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = [.. proto.Node.SelectMany(OnnxInlining.Reads), .. proto.Output.Select(output => output.Name)];
    private readonly HashSet<string> _partModules = new(StringComparer.Ordinal);
    private OnnxInput? _input;

    // Of the node in the file that is being added.
    private IReadOnlyList<string>? _modules;

    /// <summary>The operators that were left out, each with what is not known about it; empty where the graph is whole.</summary>
    public IReadOnlyCollection<string> LeftOut => _leftOut;

    /// <summary>Builds the graph; the caller owns it.</summary>
    /// <exception cref="ModelFormatException">No convolution is left when all is left out that depends on operators that are not known
    /// (the message lists them), a value is missing, or there is no convolution.</exception>
    public Graph Build(OnnxInput input)
    {
        using var noGradients = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        _input = input;
        try
        {
            AddInput(input);
            AddInitializers(proto, name => name);
            foreach (NodeProto node in proto.Node)
            {
                Add(node);
            }

            var graph = new Graph(_nodes);
            bool isNetwork = Enumerable.Range(0, _nodes.Count)
                .Any(i => _nodes[i].Operator is Conv2d or ConvTranspose2d && graph.SeesImage(i));
            return isNetwork ? Prune(graph)
                : _unsupported.Count > 0 ? throw Unsupported()
                : throw OnnxInput.NotImages(file, "it has no 2-D convolution");
        }
        catch
        {
            foreach (GraphNode node in _nodes)
            {
                node.Operator.Dispose();
                node.Definition?.Dispose();
            }

            throw;
        }
    }

    /// <summary>Checks that the types of all operators are known, though not yet how they are used.</summary>
    /// <exception cref="ModelFormatException">Some are not; the message lists them.</exception>
    public void ThrowIfUnknown()
    {
        _unsupported.AddRange(proto.Node
            .Where(node => !IsBranch(node) && FindOperator(node) is null && OnnxRewrites.Find(node.Domain, node.OpType) is null).Select(Describe));
        if (_unsupported.Count > 0)
        {
            throw Unsupported();
        }
    }

    /// <summary>Says which node it is.</summary>
    public static string Describe(NodeProto node)
    {
        string domain = node.Domain.Length == 0 ? "ai.onnx" : node.Domain;
        string name = node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(output => output.Length > 0) ?? "?";
        return $"operator {node.OpType} of domain {domain} (node '{name}')";
    }

    private void AddInput(OnnxInput input)
    {
        Add(input.Name, input.Name, new Input(), []);
        if (input.ChannelsLast)
        {
            _channelsLast.Add(input.Name);
        }
    }

    private void AddInitializers(GraphProto graph, Func<string, string> nameOf)
    {
        if (graph.SparseInitializer.Count > 0)
        {
            string name = graph.SparseInitializer[0].Values?.Name ?? string.Empty;
            Fail(null, [name], $"sparse weights ('{name}')", "sparse weights");
        }

        foreach (TensorProto initializer in graph.Initializer)
        {
            string name = nameOf(initializer.Name);
            Add(name, name, new Constant(tensors.Read(initializer)), []);
            _types[name] = (TensorProto.Types.DataType)initializer.DataType;
        }
    }

    private void Add(NodeProto inFile)
    {
        int before = _nodes.Count;
        NodeProto node = inFile;
        _modules = OnnxModules.Of(inFile);
        try
        {
            if (Turn(inFile) is not { } turned)
            {
                return;
            }

            node = turned;
            if (IsBranch(node) && !IsFailed(node))
            {
                AddBranch(node);
            }
            else if (OnnxRewrites.Find(node.Domain, node.OpType) is { } rewrite)
            {
                Rewrite(node, rewrite);
            }
            else
            {
                AddOutputs(node);
            }
        }
        catch (UnsupportedUseException exception)
        {
            Forget(before);
            Fail(node, node.Output, $"{Describe(inFile)} {exception.Message}".TrimEnd(), $"{node.OpType} {exception.Message}".TrimEnd());
        }
    }

    private void Rewrite(NodeProto node, Action<OnnxRewrite> rewrite)
    {
        if (IsFailed(node))
        {
            Fail(node, node.Output);
            return;
        }

        try
        {
            rewrite(new OnnxRewrite(this, node, View(node, 0)));
        }
        catch (Exception exception) when (exception is not (CnnVizException or UnsupportedUseException))
        {
            throw Invalid(node, exception);
        }
    }

    private void AddOutputs(NodeProto node)
    {
        Func<OnnxNode, Operator> make = FindOperator(node) ?? throw new UnsupportedUseException(string.Empty);
        if (IsFailed(node))
        {
            Fail(node, node.Output);
            return;
        }

        for (int output = 0; output < node.Output.Count; output++)
        {
            string name = node.Output[output];
            if (name.Length == 0 || (output > 0 && !_used.Contains(name)))
            {
                continue;
            }

            if (output > 0 && node.OpType != "Split")
            {
                Fail(node, [name], $"{Describe(node)} whose output {output} is used", $"{node.OpType}'s output {output}");
                continue;
            }

            AddOutput(node, output, make, isPart: false);
        }
    }

    private bool IsFailed(NodeProto node) => OnnxInlining.Reads(node).Any(_failed.Contains);

    // What is known of a node's inputs is where the part that is seen ends.
    private void Fail(NodeProto? node, IEnumerable<string> outputs, string? problem = null, string? leftOut = null)
    {
        foreach (string output in outputs)
        {
            _failed.Add(output);
        }

        int[] known = node is null ? [] : [.. node.Input.Where(_values.ContainsKey).Select(input => _values[input])];
        _ends.UnionWith(known);
        _partModules.UnionWith(_modules ?? known.SelectMany(end => _nodes[end].Modules ?? []));
        if (problem is not null)
        {
            _unsupported.Add(problem);
            _leftOut.Add(leftOut!);
        }
    }

    private static Func<OnnxNode, Operator>? FindOperator(NodeProto node) =>
        OnnxReader.IsStandard(node.Domain) ? OnnxOperators.Find(node.OpType) : null;

    private ModelFormatException Unsupported() => new(
        "UnsupportedOperator",
        $"'{file}' needs what CnnViz does not know: {string.Join("; ", _unsupported.Distinct())}.",
        "Export the network without its pre- and post-processing, or with standard operators.");

    private ModelFormatException Invalid(NodeProto node, Exception exception) => new(
        "NodeInvalid",
        $"'{file}' has a damaged node: {Describe(node)}: {exception.Message.Split('\n', 2)[0]}",
        "Download or export it again.",
        exception);
}
