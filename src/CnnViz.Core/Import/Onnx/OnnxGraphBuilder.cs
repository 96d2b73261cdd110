using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.Onnx;

/// <summary>
/// Turns the nodes of an ONNX graph into ours: one node for each output that is used, arithmetic on constants done at once, what
/// does nothing at inference left out.
/// </summary>
internal sealed class OnnxGraphBuilder(string file, GraphProto proto, int opset, OnnxTensors tensors, OnnxNames names)
{
    private readonly List<GraphNode> _nodes = [];
    private readonly Dictionary<string, int> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private readonly List<string> _unsupported = [];
    private bool _hasConvolution;

    /// <summary>Builds the graph; the caller owns it.</summary>
    /// <exception cref="ModelFormatException">An operator is not known (the message lists all that are not), a value is missing,
    /// or there is no convolution.</exception>
    public Graph Build(OnnxInput input)
    {
        using var noGradients = torch.no_grad();
        try
        {
            AddInput(input);
            AddInitializers();
            HashSet<string> used = [.. proto.Node.SelectMany(node => node.Input), .. proto.Output.Select(output => output.Name)];
            foreach (NodeProto node in proto.Node)
            {
                AddOutputs(node, used);
            }

            ThrowIfUnsupported();
            return _hasConvolution ? Prune() : throw OnnxInput.NotImages(file, "it has no 2-D convolution");
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
        _unsupported.AddRange(proto.Node.Where(node => FindOperator(node) is null).Select(Describe));
        ThrowIfUnsupported();
    }

    private void AddInput(OnnxInput input)
    {
        Add(input.Name, input.Name, new Input(), []);
        if (input.ChannelsLast)
        {
            long[] order = [0, 2, 3, 1];
            var transpose = new NodeDefinition(
                "Transpose", new Dictionary<string, object> { ["perm"] = order }, [0], new Dictionary<int, torch.Tensor>());
            Add(input.Name, $"{input.Name}/channels_last", new Compose("Permute", inputs => inputs[0].permute(order)), [0], transpose);
            _values[input.Name] = _nodes.Count - 1;
        }
    }

    private void AddInitializers()
    {
        if (proto.SparseInitializer.Count > 0)
        {
            _unsupported.Add($"sparse weights ('{proto.SparseInitializer[0].Values?.Name}')");
        }

        foreach (TensorProto initializer in proto.Initializer)
        {
            Add(initializer.Name, initializer.Name, new Constant(tensors.Read(initializer)), []);
        }
    }

    private void AddOutputs(NodeProto node, HashSet<string> used)
    {
        for (int output = 0; output < node.Output.Count; output++)
        {
            string name = node.Output[output];
            if (name.Length == 0 || (output > 0 && !used.Contains(name)))
            {
                continue;
            }

            try
            {
                Func<OnnxNode, Operator> make = FindOperator(node) ?? throw new UnsupportedUseException(string.Empty);
                if (node.Input.Any(_failed.Contains))
                {
                    _failed.Add(name);
                    continue;
                }

                AddOutput(node, output, make);
            }
            catch (UnsupportedUseException exception)
            {
                _failed.Add(name);
                _unsupported.Add($"{Describe(node)} {exception.Message}".TrimEnd());
            }
        }
    }

    private static Func<OnnxNode, Operator>? FindOperator(NodeProto node) =>
        OnnxReader.IsStandard(node.Domain) ? OnnxOperators.Find(node.OpType) : null;

    private void AddOutput(NodeProto node, int output, Func<OnnxNode, Operator> make)
    {
        if (output > 0 && node.OpType != "Split")
        {
            throw new UnsupportedUseException($"whose output {output} is used");
        }

        if (OnnxOperators.IsIdentityAtInference(node.OpType) && node.Input.Count > 0)
        {
            _values[node.Output[0]] = Find(node, node.Input[0]);
            return;
        }

        int[] sources = [.. node.Input.Select(input => input.Length == 0 ? -1 : Find(node, input))];
        var view = new OnnxNode(node, output, opset, tensors, name => ValueOf(_values[name]));
        Operator made = MakeOperator(node, make, view);
        int[] inputs = [.. view.Operands.Select(operand => sources[operand])];
        _hasConvolution |= made is Conv2d or ConvTranspose2d;

        NodeDefinition? definition = made is Constant ? null : OnnxDefinitions.Of(node, view, tensors);

        // Only a node that has inputs of its own can be folded; a convolution of constants is a convolution still.
        if (made is not Constant && inputs.All(IsConstant))
        {
            definition?.Dispose();
            definition = null;
            made = Fold(node, made, inputs);
            inputs = [];
        }

        string value = node.Output[output];
        string name = made.IsLayer
            ? names.NameOf(node, value, made.Kind, source => IsConstantName(source), NameOfSource(inputs))
            : value;
        Add(name, value, made, inputs, definition);
    }

    private Operator MakeOperator(NodeProto node, Func<OnnxNode, Operator> make, OnnxNode view)
    {
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            return make(view);
        }
        catch (Exception exception) when (exception is not (CnnVizException or UnsupportedUseException))
        {
            throw new ModelFormatException(
                "NodeInvalid",
                $"'{file}' has a damaged node: {Describe(node)}: {exception.Message.Split('\n', 2)[0]}",
                "Download or export it again.",
                exception);
        }
    }

    private Constant Fold(NodeProto node, Operator made, int[] inputs)
    {
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor value = made.Run([.. inputs.Select(input => ValueOf(input)!)]);
            return new Constant(value);
        }
        catch (Exception exception) when (exception is not CnnVizException)
        {
            throw new ModelFormatException(
                "NodeInvalid",
                $"'{file}' has a node that contradicts its own constants: {Describe(node)}: {exception.Message.Split('\n', 2)[0]}",
                "Download or export it again.",
                exception);
        }
        finally
        {
            made.Dispose();
        }
    }

    private string? NameOfSource(int[] inputs) =>
        inputs.Where(input => !IsConstant(input) && input > 0).Select(input => _nodes[input].Name).FirstOrDefault();

    private bool IsConstant(int node) => _nodes[node].Operator is Constant;

    private bool IsConstantName(string value) => _values.TryGetValue(value, out int node) && IsConstant(node);

    private torch.Tensor? ValueOf(int node) => (_nodes[node].Operator as Constant)?.Value;

    private int Find(NodeProto node, string value) => _values.TryGetValue(value, out int index)
        ? index
        : throw new ModelFormatException(
            "ValueMissing",
            $"'{file}' is damaged: {Describe(node)} reads '{value}', which nothing before it makes.",
            "Download or export it again.");

    private void Add(string name, string value, Operator made, int[] inputs, NodeDefinition? definition = null)
    {
        _nodes.Add(new GraphNode(name, value, made, inputs, definition));
        _values[value] = _nodes.Count - 1;
    }

    // Constants that were taken over as weights, or folded away, are of no further use.
    private Graph Prune()
    {
        int[] outputs = [.. proto.Output.Where(output => _values.ContainsKey(output.Name)).Select(output => _values[output.Name]).Distinct()];
        var used = new bool[_nodes.Count];
        Array.ForEach(outputs, output => used[output] = true);
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            used[i] |= _nodes[i].Operator is not Constant;
            foreach (int input in used[i] ? _nodes[i].Inputs : [])
            {
                used[input] = true;
            }
        }

        var places = new int[_nodes.Count];
        var kept = new List<GraphNode>();
        for (int i = 0; i < _nodes.Count; i++)
        {
            places[i] = kept.Count;
            if (used[i])
            {
                kept.Add(_nodes[i] with { Inputs = [.. _nodes[i].Inputs.Select(input => places[input])] });
            }
            else
            {
                _nodes[i].Operator.Dispose();
            }
        }

        return new Graph(kept, [.. outputs.Select(output => places[output])], opset);
    }

    private void ThrowIfUnsupported()
    {
        if (_unsupported.Count > 0)
        {
            throw new ModelFormatException(
                "UnsupportedOperator",
                $"'{file}' needs what CnnViz does not know: {string.Join("; ", _unsupported.Distinct())}.",
                "Export the network without its pre- and post-processing, or with standard operators.");
        }
    }

    private static string Describe(NodeProto node)
    {
        string domain = node.Domain.Length == 0 ? "ai.onnx" : node.Domain;
        string name = node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(output => output.Length > 0) ?? "?";
        return $"operator {node.OpType} of domain {domain} (node '{name}')";
    }
}
