using CnnViz.Import.Onnx.Protocol;

namespace CnnViz.Import.Onnx;

/// <summary>Copies of the nodes of a function or of a branch, with the names of the graph that they are put into.</summary>
internal static class OnnxInlining
{
    /// <summary>The nodes under their new names.</summary>
    /// <param name="body">The nodes.</param>
    /// <param name="formal">Names of values in the body: inputs, then outputs.</param>
    /// <param name="actual">Their names outside, as many; empty for what is not given or not wanted.</param>
    /// <param name="prefix">Goes before the names of all other values that the body makes.</param>
    public static IEnumerable<NodeProto> Copy(
        IReadOnlyList<NodeProto> body, IReadOnlyList<string> formal, IReadOnlyList<string> actual, string prefix)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var twins = new List<(string Value, string Outside)>();
        for (int i = 0; i < formal.Count; i++)
        {
            // A value that has a name outside already, such as an input that is an output too, gets the second by an operation.
            if (!names.TryAdd(formal[i], actual[i]) && actual[i].Length > 0)
            {
                twins.Add((names[formal[i]], actual[i]));
            }
        }

        foreach (string value in body.SelectMany(node => node.Output).Where(value => value.Length > 0))
        {
            if (!names.TryGetValue(value, out string? outside) || outside.Length == 0)
            {
                names[value] = $"{prefix}/{value}";
            }
        }

        foreach (NodeProto node in body)
        {
            NodeProto copy = node.Clone();
            Rename(copy, names);
            yield return copy;
        }

        foreach ((string value, string outside) in twins)
        {
            yield return new NodeProto { OpType = "Identity", Input = { value }, Output = { outside } };
        }
    }

    /// <summary>The graphs inside a node: branches, bodies of loops.</summary>
    public static IEnumerable<GraphProto> Graphs(NodeProto node) =>
        node.Attribute.SelectMany(attribute => attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G));

    /// <summary>All values that a node reads, those of the graphs inside it too.</summary>
    public static IEnumerable<string> Reads(NodeProto node) =>
        node.Input.Concat(Graphs(node).SelectMany(graph =>
            graph.Node.SelectMany(Reads).Concat(graph.Output.Select(output => output.Name))));

    private static void Rename(NodeProto node, IReadOnlyDictionary<string, string> names)
    {
        for (int i = 0; i < node.Input.Count; i++)
        {
            node.Input[i] = names.GetValueOrDefault(node.Input[i], node.Input[i]);
        }

        for (int i = 0; i < node.Output.Count; i++)
        {
            node.Output[i] = names.GetValueOrDefault(node.Output[i], node.Output[i]);
        }

        foreach (GraphProto graph in Graphs(node))
        {
            foreach (NodeProto inner in graph.Node)
            {
                Rename(inner, names);
            }

            foreach (ValueInfoProto output in graph.Output)
            {
                output.Name = names.GetValueOrDefault(output.Name, output.Name);
            }
        }
    }
}
