using CnnViz.Import.Onnx.Protocol;

namespace CnnViz.Import.Onnx;

// Values that are whole numbers in the file, and hold the real numbers here that they stand for.
internal sealed partial class OnnxGraphBuilder
{
    private readonly Dictionary<string, OnnxQuantization> _quantizations = new(StringComparer.Ordinal);

    // What moves values about, or picks the largest, is the same on numbers and on what they stand for.
    private static readonly HashSet<string> s_movers =
    [
        "MaxPool", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Slice", "Gather", "Split", "Identity", "Dropout", "DepthToSpace",
        "SpaceToDepth", "Expand", "Tile", "ReduceMax", "ReduceMin", "GlobalMaxPool", "Concat", "Resize", "Upsample", "Pad", "Cast",
    ];

    /// <summary>How the whole numbers of a value stand for real ones, where the value holds the real ones; else null.</summary>
    public OnnxQuantization? QuantizationOf(string value) => _quantizations.GetValueOrDefault(value);

    /// <summary>States it.</summary>
    public void SetQuantization(string value, OnnxQuantization quantization) => _quantizations[value] = quantization;

    /// <summary>The name of the whole numbers of a value, as the file has it.</summary>
    /// <exception cref="UnsupportedUseException">They have more than one scale.</exception>
    public string Numbers(string value)
    {
        if (QuantizationOf(value) is not { } quantization)
        {
            return value;
        }

        if (!quantization.IsWhole)
        {
            throw new UnsupportedUseException("whose activations have more than one scale");
        }

        string numbers = $"{value}/numbers";
        if (!_values.ContainsKey(numbers))
        {
            var rewrite = new NodeProto { OpType = "Numbers", Input = { value }, Output = { numbers } };
            var parts = new OnnxRewrite(this, rewrite, View(rewrite, 0));
            using TorchSharp.torch.Tensor scale = TorchSharp.torch.tensor(quantization.OneScale);
            using TorchSharp.torch.Tensor zero = TorchSharp.torch.tensor(quantization.OneZero);
            bool scales = quantization.OneScale != 1;
            bool shifts = quantization.OneZero != 0;
            string scaled = scales ? parts.Add("Div", [value, parts.AddConstant(scale)], shifts ? null : numbers) : value;
            if (shifts)
            {
                parts.Add("Add", [scaled, parts.AddConstant(zero)], numbers);
            }
            else if (!scales)
            {
                Alias(numbers, value);
            }
        }

        return numbers;
    }

    // The node as it is where it does the same to real numbers; else with the whole numbers that it reads in the file.
    private NodeProto ReadNumbers(NodeProto node, int output)
    {
        if (_quantizations.Count == 0 || !node.Input.Any(_quantizations.ContainsKey) || node.OpType is "Shape" or "Size")
        {
            return node;
        }

        if (Moved(node) is { } quantization)
        {
            if (node.OpType == "Cast")
            {
                node = new NodeProto { OpType = "Identity", Name = node.Name, Input = { node.Input }, Output = { node.Output } };
            }

            SetQuantization(node.Output[output], quantization);
            return node;
        }

        NodeProto copy = node.Clone();
        for (int i = 0; i < copy.Input.Count; i++)
        {
            copy.Input[i] = Numbers(copy.Input[i]);
        }

        return copy;
    }

    private OnnxQuantization? Moved(NodeProto node)
    {
        if (!s_movers.Contains(node.OpType) || QuantizationOf(node.Input[0]) is not { } first)
        {
            return null;
        }

        string Text(string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.S.ToStringUtf8() ?? string.Empty;
        bool moves = node.OpType switch
        {
            "Concat" => node.Input.All(input => QuantizationOf(input) is { } other && other.IsSame(first)),
            "Resize" or "Upsample" => Text("mode") is "" or "nearest",
            "Pad" => Text("mode") is "reflect" or "edge" or "wrap",
            "Cast" => node.Attribute.FirstOrDefault()?.I is >= 2 and <= 7 or 12 or 13 or 21 or 22,
            _ => node.Input.Skip(1).All(input => QuantizationOf(input) is null),
        };
        return moves && (first.IsWhole || node.OpType is "Cast" or "Identity") ? first : null;
    }
}
