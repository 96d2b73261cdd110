using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.Onnx;

/// <summary>A use of an operator that ONNX allows and CnnViz does not know.</summary>
internal sealed class UnsupportedUseException(string what) : Exception(what);

/// <summary>
/// One node of an ONNX graph while its operator is made: its attributes, which of its inputs are constant, and which of them the
/// operator wants at run time.
/// </summary>
internal sealed class OnnxNode
{
    private readonly NodeProto _proto;
    private readonly Func<string, torch.Tensor?> _constant;
    private readonly Dictionary<string, AttributeProto> _attributes;
    private readonly OnnxTensors _tensors;
    private readonly List<int> _operands = [];

    public OnnxNode(NodeProto proto, int output, int opset, OnnxTensors tensors, Func<string, torch.Tensor?> constant)
    {
        _proto = proto;
        _constant = constant;
        _tensors = tensors;
        _attributes = proto.Attribute.GroupBy(attribute => attribute.Name)
            .ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);
        Output = output;
        Opset = opset;
    }

    /// <summary>Version of the operator set.</summary>
    public int Opset { get; }

    /// <summary>Which of the node's outputs is wanted.</summary>
    public int Output { get; }

    public int OutputCount => _proto.Output.Count;

    public int InputCount => _proto.Input.Count;

    /// <summary>The inputs wanted at run time, by position; all that are there, if the operator chose none.</summary>
    public IReadOnlyList<int> Operands =>
        _operands.Count > 0 ? _operands : [.. Enumerable.Range(0, InputCount).Where(Has)];

    public bool Has(int input) => input < _proto.Input.Count && _proto.Input[input].Length > 0;

    /// <summary>Whether an input is constant or left out.</summary>
    public bool IsKnown(int input) => !Has(input) || Constant(input) is not null;

    public bool HasAttribute(string name) => _attributes.ContainsKey(name);

    /// <summary>Asks for an input at run time; returns its place among the operator's inputs.</summary>
    public int Operand(int input)
    {
        _operands.Add(input);
        return _operands.Count - 1;
    }

    public long Int(string name, long fallback) => _attributes.TryGetValue(name, out AttributeProto? value) ? value.I : fallback;

    public double Float(string name, double fallback) => _attributes.TryGetValue(name, out AttributeProto? value) ? value.F : fallback;

    public string Text(string name, string fallback) =>
        _attributes.TryGetValue(name, out AttributeProto? value) ? value.S.ToStringUtf8() : fallback;

    public long[]? Ints(string name) => _attributes.TryGetValue(name, out AttributeProto? value) ? [.. value.Ints] : null;

    public float[]? Floats(string name) => _attributes.TryGetValue(name, out AttributeProto? value) ? [.. value.Floats] : null;

    /// <summary>The tensor of an attribute, or null; the caller owns it.</summary>
    public torch.Tensor? Tensor(string name) =>
        _attributes.TryGetValue(name, out AttributeProto? value) && value.T is not null ? _tensors.Read(value.T) : null;

    /// <summary>The value of an input if it is constant, else null. It stays the graph's.</summary>
    public torch.Tensor? Constant(int input) => Has(input) ? _constant(_proto.Input[input]) : null;

    /// <summary>A weight that must be constant; the caller owns the handle, the storage is shared.</summary>
    public torch.Tensor Weight(int input) => RequiredConstant(input).alias();

    /// <summary>As <see cref="Weight"/>, or null where the input is left out.</summary>
    public torch.Tensor? OptionalWeight(int input) => Has(input) ? Weight(input) : null;

    /// <summary>A number that older versions have as an attribute and newer ones as a constant input.</summary>
    public double Number(string name, int input, double fallback) =>
        HasAttribute(name) ? Float(name, fallback)
        : Has(input) ? RequiredConstant(input).ToFloats() is [float value] ? value : fallback
        : fallback;

    /// <summary>
    /// Whole numbers that stand in an attribute (older versions), in a constant input, or in an input that is known at run time
    /// only. Null where they are left out.
    /// </summary>
    public Func<torch.Tensor[], long[]>? Longs(string? name, int input)
    {
        if (name is not null && Ints(name) is { } fixedValues)
        {
            return _ => fixedValues;
        }

        if (Constant(input) is { } constant)
        {
            long[] values = constant.ToLongs();
            return _ => values;
        }

        if (!Has(input))
        {
            return null;
        }

        int place = Operand(input);
        return inputs => inputs[place].ToLongs();
    }

    private torch.Tensor RequiredConstant(int input) => Constant(input)
        ?? throw new UnsupportedUseException($"whose input {input} is not a constant");
}
