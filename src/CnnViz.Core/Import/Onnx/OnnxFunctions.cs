using CnnViz.Import.Onnx.Protocol;

namespace CnnViz.Import.Onnx;

/// <summary>Functions that a model defines itself: every call becomes the nodes of the function's body.</summary>
internal sealed class OnnxFunctions
{
    /// <summary>Stands between the name of a call and its number, in the names of what comes of it.</summary>
    public const char CallMark = '@';

    // Calls within calls; a damaged file can double its nodes with each.
    private const int DeepestCall = 64;
    private const int MostNodes = 50_000;

    private readonly string _file;
    private readonly Dictionary<(string Domain, string Name, string Overload), FunctionProto> _functions = [];
    private int _nodes;
    private int _calls;

    private OnnxFunctions(string file, ModelProto model, int opset)
    {
        _file = file;
        foreach (FunctionProto function in model.Functions.Where(function => Speaks(function, opset)))
        {
            _functions[(function.Domain, function.Name, function.Overload)] = function;
        }
    }

    /// <summary>Puts the bodies of functions into a model's graph.</summary>
    /// <exception cref="ModelFormatException">Functions call themselves, or make too many nodes.</exception>
    public static void Inline(string file, ModelProto model, int opset)
    {
        if (model.Functions.Count > 0)
        {
            new OnnxFunctions(file, model, opset).Expand(model.Graph);
        }
    }

    // From set 13 on, what the versions of an operator differ in shows in its attributes and inputs.
    private static bool Speaks(FunctionProto function, int opset)
    {
        long own = function.OpsetImport.FirstOrDefault(set => OnnxReader.IsStandard(set.Domain))?.Version ?? opset;
        return own == opset || (own >= 13 && opset >= 13);
    }

    private void Expand(GraphProto graph)
    {
        NodeProto[] nodes = [.. graph.Node.SelectMany(node => Expand(node, 0))];
        graph.Node.Clear();
        graph.Node.AddRange(nodes);
    }

    private List<NodeProto> Expand(NodeProto node, int depth)
    {
        if (depth > DeepestCall || _nodes > MostNodes)
        {
            throw new ModelFormatException(
                "FunctionsEndless",
                $"'{_file}' defines functions that call each other without an end, or make more than {MostNodes} nodes.",
                "Download or export it again.");
        }

        if (!_functions.TryGetValue((node.Domain, node.OpType, node.Overload), out FunctionProto? function))
        {
            _nodes++;
            foreach (GraphProto graph in OnnxInlining.Graphs(node))
            {
                Expand(graph);
            }

            return [node];
        }

        string[] inputs = [.. function.Input.Select((_, i) => node.Input.ElementAtOrDefault(i) ?? string.Empty)];
        string[] outputs = [.. function.Output.Select((_, i) => node.Output.ElementAtOrDefault(i) ?? string.Empty)];
        string prefix = $"{(node.Name.Length > 0 ? node.Name : node.OpType)}{CallMark}{_calls++}";
        var body = new List<NodeProto>();
        foreach (NodeProto copy in OnnxInlining.Copy(function.Node, [.. function.Input, .. function.Output], [.. inputs, .. outputs], prefix))
        {
            Resolve(copy, node, function);
            body.AddRange(Expand(copy, depth + 1));
        }

        return body;
    }

    // Attributes of the body that are the call's, or else what the function has for them, or else left out.
    private static void Resolve(NodeProto copy, NodeProto call, FunctionProto function)
    {
        for (int i = copy.Attribute.Count - 1; i >= 0; i--)
        {
            AttributeProto attribute = copy.Attribute[i];
            if (attribute.RefAttrName.Length == 0)
            {
                continue;
            }

            AttributeProto? value = (call.Attribute.FirstOrDefault(given => given.Name == attribute.RefAttrName)
                ?? function.AttributeProto.FirstOrDefault(given => given.Name == attribute.RefAttrName))?.Clone();
            if (value is null)
            {
                copy.Attribute.RemoveAt(i);
                continue;
            }

            value.Name = attribute.Name;
            copy.Attribute[i] = value;
        }

        foreach (NodeProto inner in OnnxInlining.Graphs(copy).SelectMany(graph => graph.Node))
        {
            Resolve(inner, call, function);
        }
    }
}
