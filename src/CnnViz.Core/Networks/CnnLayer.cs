using CnnViz.Networks.Graphs;

namespace CnnViz.Networks;

/// <summary>A named node of a network whose output has channels; or a module of several such nodes, a block.</summary>
public sealed class CnnLayer : IComparable<CnnLayer>, IComparable
{
    private static readonly IReadOnlyList<string> s_none = new ValueList<string>([]);

    private readonly Lazy<float[]?> _filterNorms;

    internal CnnLayer(CnnModel model, int index, int node, LayerShape shape, ReceptiveField field)
    {
        Model = model;
        Index = index;
        Node = node;
        OutputShape = shape;
        ReceptiveField = field;
        GraphNode graphNode = model.Graph.Nodes[node];
        Name = graphNode.Name;
        Kind = graphNode.Operator.Kind;
        Parameters = graphNode.Operator.ParameterCount;
        _filterNorms = new(() => graphNode.Operator.FilterNorms);
    }

    /// <summary>Makes a block.</summary>
    internal CnnLayer(CnnModel model, int index, GraphBlock block, LayerShape shape, ReceptiveField field)
        : this(model, index, block.Node, shape, field)
    {
        IsBlock = true;
        Name = block.Name;
        Kind = block.Kind;
        Parameters = block.Members.Sum(member => model.Graph.Nodes[member].Operator.ParameterCount);
    }

    /// <summary>The model it belongs to.</summary>
    internal CnnModel Model { get; }

    /// <summary>Name of that model.</summary>
    public string ModelName => Model.Name;

    /// <summary>The author's name for it.</summary>
    public string Name { get; }

    /// <summary>What it does, by its PyTorch name: <c>Conv2d</c>, <c>ReLU</c>, <c>Linear</c>; <c>Block</c>, or the name of its class, for a block.</summary>
    public string Kind { get; }

    /// <summary>Whether it is a block: a module that consists of layers. Its output is what leaves the module.</summary>
    public bool IsBlock { get; internal init; }

    /// <summary>Its place among the layers in execution order, from 0; of a block, that of the layer that it ends with.</summary>
    public int Index { get; }

    /// <summary>Number of filters: output channels or, for a dense layer, units.</summary>
    public int Filters => OutputShape.Channels;

    /// <summary>Shape of its output for one image of the model's input size.</summary>
    public LayerShape OutputShape { get; }

    /// <summary>Whether its output has several positions, and not one value a filter.</summary>
    internal bool HasMaps => OutputShape is { IsMap: true } and not { Height: 1, Width: 1 };

    /// <summary>How much of the image one position of its output sees.</summary>
    public ReceptiveField ReceptiveField { get; }

    /// <summary>Where the positions of its output lie in the image: by their centres and strides; the whole image where nothing tells.</summary>
    internal ReceptiveField Places { get; init; }

    /// <summary>Number of trained values.</summary>
    public long Parameters { get; }

    /// <summary>The classes that its filters stand for, in order; empty where it has none, or their names are not known.</summary>
    public IReadOnlyList<string> ClassNames =>
        Model.ClassNamesByLayer.TryGetValue(NodeName, out IReadOnlyList<string>? names) && names.Count == Filters ? names : s_none;

    /// <summary>L2 norm of each filter's weights, or null where it has none.</summary>
    internal float[]? FilterNorms
    {
        get
        {
            Model.ThrowIfDisposed();
            return _filterNorms.Value;
        }
    }

    /// <summary>Name of its node in the graph: its own or, of a block, that of the layer that it ends with.</summary>
    internal string NodeName => Model.Graph.Nodes[Node].Name;

    /// <summary>Index of its node in the graph.</summary>
    internal int Node { get; }

    /// <summary>
    /// The model it belongs to. In PowerShell it is the property Model; here it is no property, or ConvertTo-Json would go from the layer to the
    /// model, and from there to all its layers.
    /// </summary>
    public CnnModel GetModel() => Model;

    /// <summary>One filter.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <exception cref="CnnVizException">The layer has no such filter.</exception>
    public CnnFilter GetFilter(int index) => index >= 0 && index < Filters
        ? new CnnFilter(this, index)
        : throw new CnnVizException(
            "FilterOutOfRange",
            $"Layer '{Name}' has no filter {index}; its filters are 0 to {Filters - 1}.",
            "Choose a filter in that range.");

    /// <summary>All filters, in order.</summary>
    public IEnumerable<CnnFilter> GetFilters() => Enumerable.Range(0, Filters).Select(GetFilter);

    /// <summary>Orders layers as the network runs them; those of several models by the models' names.</summary>
    public int CompareTo(CnnLayer? other) => other is null
        ? 1
        : string.Compare(ModelName, other.ModelName, StringComparison.OrdinalIgnoreCase) is not 0 and var order ? order : Index.CompareTo(other.Index);

    int IComparable.CompareTo(object? obj) => CompareTo(obj as CnnLayer);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
