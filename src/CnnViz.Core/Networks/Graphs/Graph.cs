using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Networks.Graphs;

/// <summary>One node: an operator, where its inputs come from, and the author's name for its output.</summary>
/// <param name="Name">The author's name, cleaned of the exporter's additions.</param>
/// <param name="Source">The name of the value in the model's file.</param>
/// <param name="Operator">The operation; owned by the graph.</param>
/// <param name="Inputs">Indices of earlier nodes.</param>
/// <param name="Definition">How the node is written down again; null for the input, for constants, and where there is no way.</param>
internal sealed record GraphNode(
    string Name, string Source, Operator Operator, IReadOnlyList<int> Inputs, NodeDefinition? Definition = null)
{
    /// <summary>The author's modules that it is within, from the outermost in; null where they are not known.</summary>
    public IReadOnlyList<string>? Modules { get; init; }
}

/// <summary>
/// A network: nodes in execution order, each with one output. Node 0 is the input image, N×C×H×W, as the network wants it (after
/// preprocessing). Every reader produces this, and everything else is written against it.
/// </summary>
internal sealed class Graph : IDisposable
{
    private readonly bool[] _dependsOnImage;
    private readonly bool[] _seesImage;
    private readonly Dictionary<int, Operator> _folded = [];
    private readonly Lazy<IReadOnlyList<GraphBlock>> _blocks;

    /// <param name="nodes">The nodes in execution order.</param>
    /// <param name="outputs">The nodes that are the network's outputs; the last, if none are named.</param>
    /// <param name="opset">Version of the ONNX operator set that the nodes' definitions speak of.</param>
    /// <param name="blocks">The author's modules; null where the nodes tell.</param>
    public Graph(
        IReadOnlyList<GraphNode> nodes, IReadOnlyList<int>? outputs = null, int opset = 17, IReadOnlyList<GraphBlock>? blocks = null)
    {
        _blocks = new(() => blocks ?? GraphBlock.Find(this));
        Nodes = nodes.Any(HidesName) ? WithVisibleNames(nodes) : nodes;
        Outputs = outputs ?? [nodes.Count - 1];
        Opset = opset;
        _dependsOnImage = new bool[nodes.Count];
        _seesImage = new bool[nodes.Count];
        for (int i = 0; i < nodes.Count; i++)
        {
            _dependsOnImage[i] = i == 0 || nodes[i].Inputs.Any(input => _dependsOnImage[input]);
            _seesImage[i] = i == 0 || (nodes[i].Operator.Kind is not ("Shape" or "Size") && nodes[i].Inputs.Any(input => _seesImage[input]));
        }
    }

    public IReadOnlyList<GraphNode> Nodes { get; }

    /// <summary>The nodes that are the network's outputs.</summary>
    public IReadOnlyList<int> Outputs { get; }

    /// <summary>Version of the ONNX operator set that the nodes' definitions speak of.</summary>
    public int Opset { get; }

    /// <summary>The author's modules that have one output.</summary>
    public IReadOnlyList<GraphBlock> Blocks => _blocks.Value;

    /// <summary>Whether a node's value changes with what is in the image, and not only with its size.</summary>
    public bool SeesImage(int node) => _seesImage[node];

    /// <summary>Whether a node's value changes with the image or its size.</summary>
    public bool DependsOnImage(int node) => _dependsOnImage[node];

    /// <summary>The part of the graph that the given nodes need, and no more.</summary>
    public SubGraph SubGraph(params int[] targets) => new(this, targets);

    /// <summary>Whether a node's value changes with an earlier one's.</summary>
    public bool LeadsTo(int earlier, int node)
    {
        var reached = new bool[Nodes.Count];
        reached[earlier] = true;
        for (int i = earlier + 1; i <= node; i++)
        {
            reached[i] = Nodes[i].Inputs.Any(input => reached[input]);
        }

        return reached[node];
    }

    /// <summary>The nodes that all ways from the image to a node lead through, in order; the node itself is the last, and the image is not among them.</summary>
    public IEnumerable<int> Bottlenecks(int node)
    {
        // How far the ways reach that begin before a node: one that goes further leads past it.
        var needed = new bool[Nodes.Count];
        needed[node] = true;
        var reach = new int[Nodes.Count];
        for (int i = node; i > 0; i--)
        {
            foreach (int input in needed[i] ? Nodes[i].Inputs.Where(SeesImage) : [])
            {
                needed[input] = true;
                reach[input] = Math.Max(reach[input], i);
            }
        }

        int furthest = reach[0];
        for (int i = 1; i <= node; i++)
        {
            if (needed[i])
            {
                if (furthest <= i)
                {
                    yield return i;
                }

                furthest = Math.Max(furthest, reach[i]);
            }
        }
    }

    /// <summary>
    /// The earliest node of whose value another's is an affine function, with all its ways to the image through it; the node itself where
    /// its own operation is not affine.
    /// </summary>
    public int AffineStart(int node)
    {
        while (Nodes[node].Operator.IsAffine && Nodes[node].Inputs.Where(DependsOnImage).ToArray() is [var input])
        {
            node = input;
        }

        return node;
    }

    /// <summary>
    /// The one operator that does what a node's does after that of its input, where that is a convolution and the node's only scales and
    /// shifts its channels; else null. It is made once and stays the graph's.
    /// </summary>
    public Operator? Fold(int node)
    {
        lock (_folded)
        {
            if (!_folded.TryGetValue(node, out Operator? folded)
                && Nodes[node].Inputs is [var input, ..] && Nodes[input].Operator is Conv2d convolution
                && Nodes[node].Operator.ChannelAffine is { } channels)
            {
                using (channels.Gain)
                using (channels.Offset)
                {
                    _folded[node] = folded = convolution.Then(channels.Gain, channels.Offset);
                }
            }

            return folded;
        }
    }

    /// <summary>The receptive field of each node.</summary>
    /// <param name="shapes">The shape of each node's output at the model's input size; null where it was not computed.</param>
    public ReceptiveField[] ReceptiveFields(IReadOnlyList<long[]?> shapes) => ReceptiveFields(shapes, placesOnly: false);

    /// <summary>
    /// The same, where what depends on the whole image does not count as long as the places stay where they are: gates of squeeze and excitation, and normalizations
    /// over the map. They say where the positions of a map lie.
    /// </summary>
    /// <param name="shapes">As above.</param>
    public ReceptiveField[] Places(IReadOnlyList<long[]?> shapes) => ReceptiveFields(shapes, placesOnly: true);

    private ReceptiveField[] ReceptiveFields(IReadOnlyList<long[]?> shapes, bool placesOnly)
    {
        var fields = new ReceptiveField[Nodes.Count];
        fields[0] = ReceptiveField.Pixel;
        for (int i = 1; i < Nodes.Count; i++)
        {
            int[] all = [.. Nodes[i].Inputs.Where(DependsOnImage)];
            int[] inputs = [.. all.Where(input => !placesOnly || !fields[input].IsWholeImage)];
            inputs = inputs.Length > 0 ? inputs : all;
            if (inputs.Length == 0)
            {
                fields[i] = ReceptiveField.Pixel;
                continue;
            }

            ReceptiveField field = inputs.Select(input => fields[input]).Aggregate((a, b) => a.Union(b));
            (Extent from, Extent to) = (ExtentOf(shapes[inputs[0]]), ExtentOf(shapes[i]));
            ReceptiveField extended = Nodes[i].Operator.Extend(field, from, to);
            fields[i] = placesOnly && extended.IsWholeImage && from == to && to != Extent.One ? field : extended;
        }

        return fields;

        static Extent ExtentOf(long[]? shape) => shape is { Length: 4 } ? new Extent(shape[2], shape[3]) : Extent.One;
    }

    /// <summary>
    /// The same graph with reshapes that follow the image's size and number, where they were fixed for one image of one size.
    /// </summary>
    /// <param name="shapes">The shape of each node's output at the exported size; null where it was not computed.</param>
    public Graph Generalize(IReadOnlyList<long[]?> shapes)
    {
        GraphNode[] nodes = [.. Nodes.Select((node, i) =>
            node.Operator is Reshape reshape && DependsOnImage(i)
                && shapes[node.Inputs[0]] is { } from && shapes[i] is { } to && reshape.Generalize(from, to) is { } general
                ? node with { Operator = general }
                : node)];
        return new Graph(nodes, Outputs, Opset, Blocks);
    }

    private static bool HidesName(GraphNode node) => VisibleText.Hides(node.Name) || node.Modules?.Any(VisibleText.Hides) == true;

    // Names are shown, and typed. No two nodes have the same.
    private static GraphNode[] WithVisibleNames(IReadOnlyList<GraphNode> nodes)
    {
        HashSet<string> taken = [.. nodes.Select(node => node.Name).Where(name => !VisibleText.Hides(name))];
        return [.. nodes.Select(node => node with { Name = Free(node.Name), Modules = node.Modules?.Select(VisibleText.Of).ToArray() })];

        string Free(string name)
        {
            if (!VisibleText.Hides(name))
            {
                return name;
            }

            string free = VisibleText.Of(name);
            for (int i = 2; !taken.Add(free); i++)
            {
                free = $"{VisibleText.Of(name)}_{i}";
            }

            return free;
        }
    }

    /// <summary>Moves every weight to a device.</summary>
    public void To(torch.Device device)
    {
        foreach (Operator folded in _folded.Values)
        {
            folded.To(device);
        }

        foreach (GraphNode node in Nodes)
        {
            node.Operator.To(device);
        }
    }

    public void Dispose()
    {
        foreach (GraphNode node in Nodes)
        {
            node.Operator.Dispose();
            node.Definition?.Dispose();
        }

        foreach (Operator folded in _folded.Values)
        {
            folded.Dispose();
        }
    }
}
