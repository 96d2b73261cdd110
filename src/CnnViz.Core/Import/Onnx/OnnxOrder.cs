using CnnViz.Import.Onnx.Protocol;

namespace CnnViz.Import.Onnx;

/// <summary>The order of nodes: each after those whose values it reads, else as in the file.</summary>
internal static class OnnxOrder
{
    // Far more than any layer joins.
    private const int MostInputs = 4096;

    /// <summary>Sorts the nodes of a graph, where they are not sorted already.</summary>
    /// <exception cref="ModelFormatException">Nodes wait for each other in a circle, two make the same value, or one reads too many.</exception>
    public static void Sort(string file, GraphProto graph)
    {
        var makers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < graph.Node.Count; i++)
        {
            if (graph.Node[i].Input.Count > MostInputs)
            {
                throw Damaged(file, $"{OnnxGraphBuilder.Describe(graph.Node[i])} reads {graph.Node[i].Input.Count} values");
            }

            foreach (string output in graph.Node[i].Output.Where(output => output.Length > 0))
            {
                if (!makers.TryAdd(output, i))
                {
                    throw Damaged(file, $"two nodes make {WeightFile.Quote(output)}");
                }
            }
        }

        int[][] sources = [.. graph.Node.Select(node => OnnxInlining.Reads(node)
            .Where(makers.ContainsKey).Select(value => makers[value]).Distinct().ToArray())];
        if (!sources.Where((reads, node) => reads.Any(source => source >= node)).Any())
        {
            return;
        }

        int[] order = Order(sources);
        if (order.Length < graph.Node.Count)
        {
            NodeProto stuck = graph.Node[Enumerable.Range(0, graph.Node.Count).Except(order).First()];
            throw new ModelFormatException(
                "NodesCircular",
                $"'{file}' is damaged: {OnnxGraphBuilder.Describe(stuck)} waits for its own output.",
                "Download or export it again.");
        }

        NodeProto[] sorted = [.. order.Select(node => graph.Node[node])];
        graph.Node.Clear();
        graph.Node.AddRange(sorted);
    }

    private static ModelFormatException Damaged(string file, string what) =>
        new("ModelDamaged", $"'{file}' is damaged: {what}.", "Download or export it again.");

    // Of all nodes whose sources are there, the first of the file goes next.
    private static int[] Order(int[][] sources)
    {
        ILookup<int, int> readers = sources.SelectMany((reads, node) => reads.Select(source => (source, node)))
            .ToLookup(pair => pair.source, pair => pair.node);
        int[] missing = [.. sources.Select(reads => reads.Length)];
        var ready = new PriorityQueue<int, int>(
            Enumerable.Range(0, sources.Length).Where(node => missing[node] == 0).Select(node => (node, node)));
        var order = new List<int>();
        while (ready.TryDequeue(out int node, out _))
        {
            order.Add(node);
            foreach (int reader in readers[node])
            {
                if (--missing[reader] == 0)
                {
                    ready.Enqueue(reader, reader);
                }
            }
        }

        return [.. order];
    }
}
