using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks.Graphs;
using TorchSharp;

namespace CnnViz.Import.Onnx;

// If, where its condition is known before there is an image.
internal sealed partial class OnnxGraphBuilder
{
    private static bool IsBranch(NodeProto node) => node.OpType == "If" && OnnxReader.IsStandard(node.Domain);

    private void AddBranch(NodeProto node)
    {
        bool condition = Condition(node);
        GraphProto branch = node.Attribute.FirstOrDefault(attribute => attribute.Name == (condition ? "then_branch" : "else_branch"))?.G
            ?? throw new UnsupportedUseException("without a branch");
        string prefix = $"{node.Output[0]}/{(condition ? "then" : "else")}";
        string Inside(string name) => $"{prefix}/{name}";
        AddInitializers(branch, Inside);

        // What a branch hands out may be its own, or come from outside.
        HashSet<string> made = [.. branch.Node.SelectMany(inner => inner.Output)];
        (string Inner, string Outer)[] outputs = [.. branch.Output.Select(output => output.Name).Zip(node.Output)];
        (string Inner, string Outer)[] handed = [.. outputs.Where(pair => made.Contains(pair.Inner))];
        string[] weights = [.. branch.Initializer.Select(tensor => tensor.Name)];
        foreach (NodeProto inner in OnnxInlining.Copy(
            branch.Node,
            [.. handed.Select(pair => pair.Inner), .. weights],
            [.. handed.Select(pair => pair.Outer), .. weights.Select(Inside)],
            prefix))
        {
            _used.UnionWith(inner.Input);
            Add(inner);
        }

        foreach ((string name, string outer) in outputs.Where(pair => !made.Contains(pair.Inner) && pair.Outer.Length > 0))
        {
            string source = weights.Contains(name) ? Inside(name) : name;
            _values[outer] = Find(node, source);
            if (QuantizationOf(source) is { } quantization)
            {
                SetQuantization(outer, quantization);
            }
        }
    }

    // A constant, or what follows from the sizes of images: of the size that the network was made for.
    private bool Condition(NodeProto node)
    {
        int condition = Find(node, node.Input.FirstOrDefault() ?? string.Empty);
        if (ValueOf(condition) is { } constant)
        {
            return constant.to(torch.ScalarType.Bool).item<bool>();
        }

        var graph = new Graph([.. _nodes]);
        if (graph.SeesImage(condition))
        {
            throw new UnsupportedUseException("on what is in the image");
        }

        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor image = torch.zeros(1, _input!.Channels, _input.Height ?? 224, _input.Width ?? 224);
            bool isTrue = false;
            graph.SubGraph(condition).Sketch(image, (index, value) => isTrue = index == condition && value.to(torch.ScalarType.Bool).item<bool>());
            return isTrue;
        }
        catch (CnnVizException)
        {
            throw new UnsupportedUseException("on what cannot be computed");
        }
    }
}
