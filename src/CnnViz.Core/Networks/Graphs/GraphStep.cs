using CnnViz.Networks.Operators;

namespace CnnViz.Networks.Graphs;

/// <summary>One operation of a run.</summary>
/// <param name="Node">The node whose value it computes.</param>
/// <param name="Operator">The node's operator, or one that does the work of an earlier node too.</param>
/// <param name="Inputs">The nodes whose values it takes.</param>
internal readonly record struct GraphStep(int Node, Operator Operator, IReadOnlyList<int> Inputs)
{
    /// <summary>
    /// The operations that some nodes need, in execution order. A normalization that nothing else comes between is part of the convolution
    /// before it.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="targets">The nodes whose values are wanted.</param>
    /// <param name="start">The node whose value is given.</param>
    public static GraphStep[] Of(Graph graph, IReadOnlyList<int> targets, int start)
    {
        var needed = new bool[graph.Nodes.Count];
        foreach (int target in targets)
        {
            needed[target] = true;
        }

        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            foreach (int input in needed[i] && i != start ? graph.Nodes[i].Inputs : [])
            {
                needed[input] = true;
            }
        }

        int[] nodes = [.. Enumerable.Range(1, graph.Nodes.Count - 1).Where(i => needed[i] && i != start)];
        return Fold(graph, nodes, [.. targets, start]);
    }

    /// <summary>For each step the nodes whose values nothing needs after it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="steps">The steps in their order.</param>
    public static List<int>[] FindExpiry(Graph graph, IReadOnlyList<GraphStep> steps)
    {
        var lastUse = new int[graph.Nodes.Count];
        for (int step = 0; step < steps.Count; step++)
        {
            lastUse[steps[step].Node] = step;
            foreach (int input in steps[step].Inputs)
            {
                lastUse[input] = step;
            }
        }

        List<int>[] expiring = [.. steps.Select(_ => new List<int>())];
        foreach (int node in steps.Select(step => step.Node).Where(node => graph.Nodes[node].Operator is not Constant))
        {
            expiring[lastUse[node]].Add(node);
        }

        return expiring;
    }

    // Wanted: nodes whose own values are wanted, or given.
    private static GraphStep[] Fold(Graph graph, int[] nodes, IReadOnlyCollection<int> wanted)
    {
        Dictionary<int, int> uses = nodes.SelectMany(node => graph.Nodes[node].Inputs).GroupBy(input => input).ToDictionary(uses => uses.Key, uses => uses.Count());
        Dictionary<int, Operator> folded = nodes
            .Where(node => graph.Nodes[node].Inputs is [var input, ..] && uses[input] == 1 && !wanted.Contains(input))
            .Select(node => (Node: node, Operator: graph.Fold(node)))
            .Where(pair => pair.Operator is not null)
            .ToDictionary(pair => pair.Node, pair => pair.Operator!);
        HashSet<int> absorbed = [.. folded.Keys.Select(node => graph.Nodes[node].Inputs[0])];
        return
        [
            .. nodes.Where(node => !absorbed.Contains(node)).Select(node => folded.TryGetValue(node, out Operator? one)
                ? new GraphStep(node, one, graph.Nodes[graph.Nodes[node].Inputs[0]].Inputs)
                : new GraphStep(node, graph.Nodes[node].Operator, graph.Nodes[node].Inputs)),
        ];
    }
}
