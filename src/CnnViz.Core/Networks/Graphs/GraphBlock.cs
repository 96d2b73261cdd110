namespace CnnViz.Networks.Graphs;

/// <summary>A module of the author with one output: a residual block, a stage, a branch.</summary>
/// <param name="Name">The module's name.</param>
/// <param name="Node">The node whose value leaves the module.</param>
/// <param name="Members">Its nodes that see the image, in execution order.</param>
internal sealed record GraphBlock(string Name, int Node, IReadOnlyList<int> Members)
{
    /// <summary>The kind of blocks whose class is not known.</summary>
    public const string UsualKind = "Block";

    /// <summary>What it is: the name of its class, where that is known.</summary>
    public string Kind { get; init; } = UsualKind;

    /// <summary>Whether there are modules within it.</summary>
    public bool HasModules { get; init; }

    /// <summary>
    /// The modules of a graph, in the order in which they begin, each before those within it. A module that several values leave is none of them,
    /// nor is one of which a value goes to a node that may be within it or not.
    /// </summary>
    public static IReadOnlyList<GraphBlock> Find(Graph graph)
    {
        List<int>[] users = [.. graph.Nodes.Select(_ => new List<int>())];
        var members = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var names = new List<string>();
        for (int node = 1; node < graph.Nodes.Count; node++)
        {
            if (!graph.SeesImage(node))
            {
                continue;
            }

            foreach (int input in graph.Nodes[node].Inputs)
            {
                users[input].Add(node);
            }

            foreach (string module in graph.Nodes[node].Modules ?? [])
            {
                if (members.TryAdd(module, []))
                {
                    names.Add(module);
                }

                members[module].Add(node);
            }
        }

        return [.. names.Select(name => Of(name, members[name])).OfType<GraphBlock>()];

        GraphBlock? Of(string name, List<int> nodes)
        {
            int[] outputs = [.. nodes.Where(node => IsEnd(node) || users[node].Exists(user => !IsWithin(user, name)))];
            return outputs is [var output]
                && users[output].TrueForAll(user => graph.Nodes[user].Modules is not null)
                && nodes.Exists(node => graph.Nodes[node].Operator.IsLayer)
                    ? new GraphBlock(name, output, nodes) { HasModules = nodes.Exists(node => graph.Nodes[node].Modules![^1] != name) }
                    : null;
        }

        // What nobody uses is an output too, of a network that has more than one.
        bool IsEnd(int node) => graph.Outputs.Contains(node) || (users[node].Count == 0 && graph.Nodes[node].Operator.IsLayer);

        bool IsWithin(int node, string module) => graph.Nodes[node].Modules?.Contains(module) == true;
    }
}
