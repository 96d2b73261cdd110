using CnnViz.Import.Onnx;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.Networks;

/// <summary>
/// Puts a network together node by node, for files that are no ONNX graphs. A node is said in the vocabulary of ONNX, and the same
/// code makes its operator as for ONNX files, so that any network that is built here can be written as one. Nothing is read and
/// nothing is made before <see cref="Build"/>.
/// </summary>
internal class NetworkBuilder
{
    /// <summary>The type of node 0.</summary>
    private const string InputType = "Input";

    /// <summary>The type of nodes that ONNX has no word for.</summary>
    public const string ForeignType = "Foreign";

    private readonly List<Plan> _plans = [];
    private readonly UniqueNames _names = new(first: 1);
    private readonly OnnxTensors _tensors = new(string.Empty);

    /// <summary>Makes a network of nothing but its input.</summary>
    /// <param name="channels">Channels of the image.</param>
    /// <param name="name">Name of the input.</param>
    public NetworkBuilder(long? channels, string name = "input")
    {
        Image = Add(name, InputType, [], channels, make: _ => new Input());
    }

    /// <summary>The image, N×C×H×W.</summary>
    public Value Image { get; }

    /// <summary>
    /// The modules that nodes are added within, from the outermost in; null where the names of the nodes tell, by their dots.
    /// </summary>
    public IReadOnlyList<string>? Modules { get; set; }

    /// <summary>How many nodes there are.</summary>
    public int Count => _plans.Count;

    // Some functions came into ONNX late; nothing else here needs more than programs of some age read.
    private int Opset => _plans.Max(plan => plan.Type switch
    {
        "GroupNormalization" => 21,
        "Gelu" => 20,
        "Mish" or "ReduceMean" or "ReduceMax" or "ReduceMin" or "ReduceProd" or "ReduceL1" or "ReduceL2" => 18,
        "Resize" when plan.Attributes.Any(attribute => attribute.Name == "axes") => 18,
        _ => 17,
    });

    /// <summary>Adds a node.</summary>
    /// <param name="name">The author's name for it; a number is appended where it is taken.</param>
    /// <param name="type">Name of the ONNX operator.</param>
    /// <param name="inputs">Its inputs by position.</param>
    /// <param name="channels">Channels of its output; null for those of its first input.</param>
    /// <param name="make">Makes the operator; null for what ONNX files get.</param>
    /// <param name="attributes">Its attributes, of the types that <see cref="NodeDefinition"/> has.</param>
    public Value Add(
        string name,
        string type,
        NodeInput[] inputs,
        long? channels = null,
        Func<OnnxNode, Operator>? make = null,
        params (string Name, object Value)[] attributes)
    {
        string unique = _names.Add(name);
        Func<OnnxNode, Operator> maker = make ?? OnnxOperators.Find(type)
            ?? throw new ArgumentException($"There is no operator {type}.", nameof(type));
        _plans.Add(new Plan(unique, type, inputs, attributes, maker, Modules));
        return new Value(_plans.Count - 1, channels ?? inputs.Select(input => input.Value?.Channels).FirstOrDefault());
    }

    /// <summary>Takes nodes back, and all that were added after them.</summary>
    /// <param name="count">How many nodes stay.</param>
    public void TakeBack(int count)
    {
        foreach (Plan plan in _plans.Skip(count))
        {
            _names.Remove(plan.Name);
        }

        _plans.RemoveRange(count, _plans.Count - count);
    }

    /// <summary>Says that a module is not known as a whole.</summary>
    /// <param name="module">The module.</param>
    /// <param name="first">The first node that may be within it.</param>
    public void LeaveOut(string module, int first)
    {
        for (int i = first; i < _plans.Count; i++)
        {
            _plans[i] = _plans[i] with { Modules = _plans[i].Modules?.Where(name => name != module).ToArray() };
        }
    }

    /// <summary>Gives a node another name; a number is appended where it is taken.</summary>
    public void Rename(int node, string name)
    {
        _names.Remove(_plans[node].Name);
        _plans[node] = _plans[node] with { Name = _names.Add(name) };
    }

    /// <summary>A node's name.</summary>
    public string NameOf(int node) => _plans[node].Name;

    /// <summary>Computes the node that was added last, by itself.</summary>
    /// <param name="valueOf">Values of other nodes.</param>
    /// <param name="isSketch">Whether only its shape and type are wanted.</param>
    /// <returns>Its output, in the caller's dispose scope.</returns>
    /// <exception cref="ModelFormatException">A weight cannot be read, or the node cannot be made of what it is given.</exception>
    public torch.Tensor ComputeLast(Func<Value, torch.Tensor> valueOf, bool isSketch)
    {
        using var noGradients = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        var nodes = new List<GraphNode>();
        try
        {
            Realize(_plans[^1], nodes, value => -1 - value.Node);
            GraphNode node = nodes[^1];
            torch.Tensor[] inputs = [.. node.Inputs.Select(input =>
                input < 0 ? valueOf(new Value(-1 - input, null)) : ((Constant)nodes[input].Operator).Value)];
            return (isSketch ? node.Operator.Sketch(inputs) : node.Operator.Run(inputs)).MoveToOuterDisposeScope();
        }
        finally
        {
            Discard(nodes);
        }
    }

    /// <summary>Reads the weights and makes the graph.</summary>
    /// <param name="outputs">The network's outputs.</param>
    /// <returns>The graph; the caller owns it.</returns>
    /// <exception cref="ModelFormatException">A weight cannot be read, or a node cannot be made of what it is given.</exception>
    public Graph Build(params Value[] outputs)
    {
        using var noGradients = torch.no_grad();
        var nodes = new List<GraphNode>();
        var places = new int[_plans.Count];
        try
        {
            for (int i = 0; i < _plans.Count; i++)
            {
                Realize(_plans[i], nodes, value => places[value.Node]);
                places[i] = nodes.Count - 1;
            }

            return new Graph(nodes, [.. outputs.Select(output => places[output.Node])], Opset);
        }
        catch
        {
            Discard(nodes);
            throw;
        }
    }

    private static void Discard(List<GraphNode> nodes)
    {
        foreach (GraphNode node in nodes)
        {
            node.Operator.Dispose();
            node.Definition?.Dispose();
        }
    }

    private void Realize(Plan plan, List<GraphNode> nodes, Func<Value, int> placeOf)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Dictionary<string, torch.Tensor> constants = plan.Inputs
            .Select((input, position) => (input.Weight, Name: ValueName(plan, position)))
            .Where(input => input.Weight is not null)
            .ToDictionary(input => input.Name, input => input.Weight!.Read(), StringComparer.Ordinal);
        NodeProto proto = ToProto(plan);
        var view = new OnnxNode(proto, 0, Opset, _tensors, constants.GetValueOrDefault);
        Operator made = Make(plan, view);
        NodeDefinition? definition = made is Input || plan.Type == ForeignType ? null : OnnxDefinitions.Of(proto, view, _tensors);

        // What the operator wants at run time and does not change with the image is a node before it.
        int[] inputs = [.. view.Operands.Select(position =>
        {
            if (plan.Inputs[position].Value is { } value)
            {
                return placeOf(value);
            }

            string name = ValueName(plan, position);
            nodes.Add(new GraphNode(name, name, new Constant(constants[name].alias()), []));
            return nodes.Count - 1;
        })];
        nodes.Add(new GraphNode(plan.Name, plan.Name, made, inputs, definition)
        {
            Modules = plan.Modules ?? ModuleNesting.Around(plan.Name, '.'),
        });
    }

    private static NodeProto ToProto(Plan plan)
    {
        var proto = new NodeProto { Name = plan.Name, OpType = plan.Type };
        proto.Input.AddRange(plan.Inputs.Select((input, position) => input == default ? string.Empty : ValueName(plan, position)));
        proto.Output.Add(plan.Name);
        proto.Attribute.AddRange(plan.Attributes.Select(attribute => OnnxDefinitions.ToAttribute(attribute.Name, attribute.Value)));
        return proto;
    }

    private static Operator Make(Plan plan, OnnxNode view)
    {
        try
        {
            return plan.Make(view);
        }
        catch (Exception exception) when (exception is not CnnVizException)
        {
            throw new ModelFormatException(
                "NodeInvalid",
                $"The layer '{plan.Name}' cannot be made of what the file says: {exception.Message.Split('\n', 2)[0]}",
                "The file may be damaged; download or export it again.",
                exception);
        }
    }

    private static string ValueName(Plan plan, int position) => $"{plan.Name}/input_{position}";

    private sealed record Plan(
        string Name,
        string Type,
        NodeInput[] Inputs,
        (string Name, object Value)[] Attributes,
        Func<OnnxNode, Operator> Make,
        IReadOnlyList<string>? Modules);
}
