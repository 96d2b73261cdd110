using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;
using DataType = CnnViz.Import.Onnx.Protocol.TensorProto.Types.DataType;

namespace CnnViz.Import.Onnx;

// The values of the graph, by their names in the file.
internal sealed partial class OnnxGraphBuilder
{
    private readonly List<GraphNode> _nodes = [];
    private readonly Dictionary<string, int> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DataType> _types = new(StringComparer.Ordinal);
    private readonly HashSet<int> _ends = [];
    private readonly OnnxFolding _folding = new(tensors);

    // The last number of constants that would have had this name.
    private readonly Dictionary<string, int> _constants = new(StringComparer.Ordinal);

    /// <summary>Adds an operation that is known; its first output is wanted.</summary>
    /// <param name="node">The operation.</param>
    /// <param name="isPart">Whether it is a part of one in the file, and called after what is before it.</param>
    /// <exception cref="UnsupportedUseException">It is used in a way that is not known.</exception>
    public void AddPlain(NodeProto node, bool isPart) =>
        AddOutput(node, 0, OnnxOperators.Find(node.OpType)!, isPart, readsReal: true);

    /// <summary>Adds a constant under a name, or one like it where the name is taken; returns the name.</summary>
    public string AddConstant(string name, torch.Tensor value)
    {
        string unique = name;
        while (_values.ContainsKey(unique))
        {
            int number = _constants[name] = _constants.GetValueOrDefault(name, 1) + 1;
            unique = $"{name}/{number}";
        }

        Add(unique, unique, new Constant(value.contiguous().alias()), []);
        return unique;
    }

    /// <summary>Gives a value a second name.</summary>
    public void Alias(string name, string value) => _values[name] = _values[value];

    /// <summary>The value of a name if it is constant, else null. It stays the graph's.</summary>
    public torch.Tensor? ConstantOf(string value) => _values.TryGetValue(value, out int node) ? ValueOf(node) : null;

    /// <summary>The type that a constant has in the file, or null where it is not known.</summary>
    public DataType? TypeOf(string value) => _types.TryGetValue(value, out DataType type) ? type : null;

    /// <summary>Whether no number of a value is below zero, as an activation has made it.</summary>
    public bool IsRectified(string value) => _values.TryGetValue(value, out int node)
        && (_nodes[node].Operator is Rectifier { Low: >= 0 } || _nodes[node].Operator.Kind is "Sigmoid" or "Softmax" or "Hardsigmoid");

    private void AddOutput(NodeProto node, int output, Func<OnnxNode, Operator> make, bool isPart, bool readsReal = false)
    {
        if (!readsReal)
        {
            node = ReadNumbers(node, output);
        }

        if (OnnxOperators.IsIdentityAtInference(node.OpType) && node.Input.Count > 0)
        {
            _values[node.Output[0]] = Find(node, node.Input[0]);
            if (TypeOf(node.Input[0]) is { } same)
            {
                _types[node.Output[0]] = same;
            }

            return;
        }

        int[] sources = [.. node.Input.Select(input => input.Length == 0 ? -1 : Find(node, input))];
        OnnxNode view = View(node, output);
        Operator made = MakeOperator(node, make, view);
        int[] inputs = [.. view.Operands.Select(operand => sources[operand])];
        if (inputs is [var source] && Undone(node, source) is { } whole)
        {
            made.Dispose();
            _values[node.Output[output]] = whole;
            return;
        }

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
        if (made is Constant && TypeOfResult(node) is { } type)
        {
            _types[value] = type;
        }

        string name = made.IsLayer
            ? names.NameOf(node, value, made.Kind, source => IsConstantName(source), NameOfSource(inputs), isPart)
            : value;
        Add(name, value, made, inputs, definition);
    }

    private OnnxNode View(NodeProto node, int output) => new(node, output, opset, tensors, ConstantOf);

    // The node before a transposition that this one takes back.
    private int? Undone(NodeProto node, int source)
    {
        long[]? second = node.OpType == "Transpose" ? node.Attribute.FirstOrDefault(attribute => attribute.Name == "perm")?.Ints.ToArray() : null;
        return second is not null && _nodes[source].Definition is { Type: "Transpose" } definition
            && definition.Attributes.GetValueOrDefault("perm") is long[] first && first.Length == second.Length
            && second.Select((axis, i) => axis >= 0 && axis < first.Length && first[axis] == i).All(isSame => isSame)
            ? _nodes[source].Inputs[0]
            : null;
    }

    private DataType? TypeOfResult(NodeProto node)
    {
        AttributeProto? Attribute(string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
        return node.OpType switch
        {
            "Cast" => (DataType)(Attribute("to")?.I ?? 0),
            "Constant" or "ConstantOfShape" => (DataType)(Attribute("value")?.T?.DataType ?? (int)DataType.Undefined),
            _ => node.Input.Count > 0 ? TypeOf(node.Input[0]) : null,
        };
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
            throw Invalid(node, exception);
        }
    }

    private Constant Fold(NodeProto node, Operator made, int[] inputs)
    {
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            return new Constant(_folding.Run(made, [.. inputs.Select(input => ValueOf(input)!)]));
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
            $"'{file}' is damaged: {Describe(node)} reads '{value}', which nothing makes.",
            "Download or export it again.");

    private void Add(string name, string value, Operator made, int[] inputs, NodeDefinition? definition = null)
    {
        _nodes.Add(new GraphNode(name, value, made, inputs, definition) { Modules = _modules });
        _values[value] = _nodes.Count - 1;
    }

    // Takes back what was added for an operator that turned out to be used in a way that is not known.
    private void Forget(int count)
    {
        foreach (GraphNode node in _nodes.Skip(count))
        {
            node.Operator.Dispose();
            node.Definition?.Dispose();
        }

        _nodes.RemoveRange(count, _nodes.Count - count);
        foreach (string value in _values.Where(pair => pair.Value >= count).Select(pair => pair.Key).ToArray())
        {
            _values.Remove(value);
        }
    }

    // Constants that were taken over as weights, or folded away, are of no further use.
    private Graph Prune(Graph whole)
    {
        int[] outputs = [.. proto.Output.Where(output => _values.ContainsKey(output.Name)).Select(output => _values[output.Name])];
        if (outputs.Length < proto.Output.Count)
        {
            outputs = [.. outputs, .. _ends.Where(whole.SeesImage)];
        }

        outputs = [.. outputs.Distinct()];
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
                kept.Add(_nodes[i] with
                {
                    Inputs = [.. _nodes[i].Inputs.Select(input => places[input])],
                    Modules = _nodes[i].Modules?.Where(module => !_partModules.Contains(module)).ToArray(),
                });
            }
            else
            {
                _nodes[i].Operator.Dispose();
            }
        }

        outputs = [.. outputs.Select(output => places[output])];
        return new Graph(names.Settle(new Graph(kept, outputs, opset)), outputs, opset);
    }
}
