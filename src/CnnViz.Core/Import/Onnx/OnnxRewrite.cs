using CnnViz.Import.Onnx.Protocol;
using TorchSharp;

namespace CnnViz.Import.Onnx;

/// <summary>
/// One node that is written in plainer operators, which go into the graph in its place.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="node">The node.</param>
/// <param name="view">Its attributes and constants.</param>
internal sealed class OnnxRewrite(OnnxGraphBuilder graph, NodeProto node, OnnxNode view)
{
    private int _count;

    /// <summary>Its attributes and constants.</summary>
    public OnnxNode View => view;

    /// <summary>The name of its (first) output.</summary>
    public string Output => node.Output[0];

    /// <summary>The name of one of its outputs, or null where it is not wanted.</summary>
    public string? OutputAt(int output) => node.Output.ElementAtOrDefault(output) is { Length: > 0 } name ? name : null;

    /// <summary>The name of the value at one of its inputs; empty where there is none.</summary>
    public string Input(int input) => node.Input.ElementAtOrDefault(input) ?? string.Empty;

    /// <summary>Number of inputs.</summary>
    public int InputCount => node.Input.Count;

    /// <summary>Attributes of the node, as they are, but for those that are named.</summary>
    public (string Name, object Value)[] AttributesBut(params string[] names) =>
        [.. node.Attribute.Where(attribute => !names.Contains(attribute.Name)).Select(attribute => (attribute.Name, (object)attribute))];

    /// <summary>Adds the operation that has the node's name; as the one below.</summary>
    public string AddNamed(string type, string[] inputs, string? output, params (string Name, object Value)[] attributes) =>
        Add(type, inputs, output, attributes, isPart: false);

    /// <summary>Adds an operation that is called after what is before it.</summary>
    /// <param name="type">Its type, one of those that are known.</param>
    /// <param name="inputs">Names of the values that it reads.</param>
    /// <param name="output">Name of what it makes; null for one that nobody else has.</param>
    /// <param name="attributes">Its attributes, as <see cref="OnnxDefinitions.ToAttribute"/> knows them, or as they stand in a node.</param>
    /// <returns>The name of what it makes.</returns>
    public string Add(string type, string[] inputs, string? output, params (string Name, object Value)[] attributes) =>
        Add(type, inputs, output, attributes, isPart: true);

    /// <summary>Adds a constant; returns its name.</summary>
    /// <param name="value">Its value, which the graph takes a copy of.</param>
    /// <param name="name">The name that it should have, if no other value has it.</param>
    public string AddConstant(torch.Tensor value, string? name = null) =>
        graph.AddConstant(name ?? $"{node.Output[0]}/constant_{++_count}", value);

    /// <summary>A constant of whole numbers; returns its name.</summary>
    public string AddLongs(params long[] values)
    {
        using torch.Tensor tensor = torch.tensor(values);
        return AddConstant(tensor);
    }

    /// <summary>Gives a value a second name.</summary>
    public void Alias(string output, string source) => graph.Alias(output, source);

    /// <summary>How the whole numbers of a value stand for real ones, where the value holds the real ones; else null.</summary>
    public OnnxQuantization? QuantizationOf(string value) => graph.QuantizationOf(value);

    /// <summary>States how the whole numbers that a value has in the file stand for the real ones that it holds here.</summary>
    public void SetQuantization(string value, OnnxQuantization quantization) => graph.SetQuantization(value, quantization);

    /// <summary>The name of the whole numbers of a value, as the file has it.</summary>
    public string Numbers(string value) => graph.Numbers(value);

    /// <summary>The constant of a name, or null.</summary>
    public torch.Tensor? ConstantOf(string value) => graph.ConstantOf(value);

    /// <summary>Whether no number of a value is below zero, as an activation has made it.</summary>
    public bool IsRectified(string value) => graph.IsRectified(value);

    /// <summary>The quantization at three inputs.</summary>
    /// <param name="scale">The input with scales.</param>
    /// <param name="zero">The input with zeros, which also says the type.</param>
    /// <param name="axis">The axis along which they differ.</param>
    /// <param name="block">How many values share one.</param>
    /// <exception cref="UnsupportedUseException">They are no constants.</exception>
    public OnnxQuantization Quantization(int scale, int zero, long axis = 1, long block = 0) => new(
        view.Constant(scale) ?? throw new UnsupportedUseException("whose scale is not a constant"),
        !view.Has(zero) ? null : view.Constant(zero) ?? throw new UnsupportedUseException("whose zero point is not a constant"),
        view.Has(zero) ? graph.TypeOf(Input(zero)) : null,
        axis,
        block);

    private string Add(string type, string[] inputs, string? output, (string Name, object Value)[] attributes, bool isPart)
    {
        var made = new NodeProto { OpType = type, Name = isPart ? string.Empty : node.Name.Length > 0 ? node.Name : node.Output[0] };
        made.Input.AddRange(inputs);
        made.Output.Add(output ?? $"{node.Output[0]}/{type.ToLowerInvariant()}_{++_count}");
        made.Attribute.AddRange(attributes.Select(attribute =>
            attribute.Value as AttributeProto ?? OnnxDefinitions.ToAttribute(attribute.Name, attribute.Value)));
        made.MetadataProps.AddRange(node.MetadataProps);
        graph.AddPlain(made, isPart);
        return made.Output[0];
    }
}
