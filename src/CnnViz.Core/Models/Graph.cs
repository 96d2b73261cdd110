using CnnViz.Models.Operators;
using TorchSharp;

namespace CnnViz.Models;

/// <summary>One node: an operator, where its inputs come from, and the author's name for its output.</summary>
/// <param name="Name">The author's name, cleaned of the exporter's additions.</param>
/// <param name="Source">The name of the value in the model's file.</param>
/// <param name="Operator">The operation; owned by the graph.</param>
/// <param name="Inputs">Indices of earlier nodes.</param>
internal sealed record GraphNode(string Name, string Source, Operator Operator, IReadOnlyList<int> Inputs);

/// <summary>
/// A network: nodes in execution order, each with one output. Node 0 is the input image, N×C×H×W, as the network wants it (after
/// preprocessing). Every reader produces this, and everything else is written against it.
/// </summary>
internal sealed class Graph : IDisposable
{
    private readonly bool[] _dependsOnImage;

    public Graph(IReadOnlyList<GraphNode> nodes)
    {
        Nodes = nodes;
        _dependsOnImage = new bool[nodes.Count];
        for (int i = 0; i < nodes.Count; i++)
        {
            _dependsOnImage[i] = i == 0 || nodes[i].Inputs.Any(input => _dependsOnImage[input]);
        }
    }

    public IReadOnlyList<GraphNode> Nodes { get; }

    /// <summary>Whether a node's value changes with the image.</summary>
    public bool DependsOnImage(int node) => _dependsOnImage[node];

    /// <summary>The part of the graph that the given nodes need, and no more.</summary>
    public SubGraph SubGraph(params int[] targets) => new(this, targets);

    /// <summary>The receptive field of each node.</summary>
    public ReceptiveField[] ReceptiveFields()
    {
        var fields = new ReceptiveField[Nodes.Count];
        fields[0] = ReceptiveField.Pixel;
        for (int i = 1; i < Nodes.Count; i++)
        {
            ReceptiveField[] inputs = [.. Nodes[i].Inputs.Where(DependsOnImage).Select(input => fields[input])];
            fields[i] = inputs.Length == 0
                ? ReceptiveField.Pixel
                : Nodes[i].Operator.Extend(inputs.Aggregate((a, b) => a.Union(b)));
        }

        return fields;
    }

    /// <summary>
    /// The same graph with reshapes that follow the image's size and number, where they were fixed for one image of one size.
    /// </summary>
    /// <param name="shapes">The shape of each node's output at the exported size; null where it was not computed.</param>
    public Graph Generalize(IReadOnlyList<long[]?> shapes) => new([.. Nodes.Select((node, i) =>
        node.Operator is Reshape reshape && DependsOnImage(i)
            && shapes[node.Inputs[0]] is { } from && shapes[i] is { } to && reshape.Generalize(from, to) is { } general
            ? node with { Operator = general }
            : node)]);

    /// <summary>Moves every weight to a device.</summary>
    public void To(torch.Device device)
    {
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
        }
    }
}
