using CnnViz.Import.Onnx.Protocol;
using TorchSharp;

namespace CnnViz.Import.Onnx;

// An image of N×H×W×C, and QONNX's operators on such maps: their values are held as N×C×H×W, and so is all that is made of these value by value.
internal sealed partial class OnnxGraphBuilder
{
    private static readonly long[] s_toFirst = [0, 3, 1, 2];
    private static readonly long[] s_toLast = [0, 2, 3, 1];

    private static readonly HashSet<string> s_windows = ["Conv", "MaxPool", "AveragePool", "GlobalAveragePool", "BatchNormalization"];

    private static readonly HashSet<string> s_pointwise =
    [
        "Quant", "Trunc", "QuantizeLinear", "DequantizeLinear", "Identity", "Dropout", "Cast", "Relu", "LeakyRelu", "Sigmoid", "Tanh", "Elu", "Selu", "Softplus",
        "HardSigmoid", "HardSwish", "Clip", "Neg", "Abs", "Exp", "Sqrt", "Add", "Sub", "Mul", "Div", "Min", "Max", "Sum",
    ];

    private readonly HashSet<string> _channelsLast = new(StringComparer.Ordinal);

    private static bool IsChannelsLast(NodeProto node) => node.Domain.EndsWith("channels_last", StringComparison.Ordinal);

    // The node as it is done to what is held; null where nothing is left to do.
    private NodeProto? Turn(NodeProto node)
    {
        bool reads = _channelsLast.Count > 0 && node.Input.Any(_channelsLast.Contains);
        if ((!reads && !IsChannelsLast(node)) || IsFailed(node))
        {
            return node;
        }

        NodeProto copy = node.Clone();
        if (IsChannelsLast(node))
        {
            return TurnWindow(copy);
        }

        long[]? order = node.Attribute.FirstOrDefault(attribute => attribute.Name == "perm")?.Ints.ToArray();
        if (node.OpType == "Transpose" && order is [0, 3, 1, 2])
        {
            Alias(node.Output[0], node.Input[0]);
            return null;
        }

        if (TurnPointwise(copy) || TurnJoined(copy) || TurnResized(copy))
        {
            _channelsLast.UnionWith(node.Output);
            return copy;
        }

        for (int i = 0; i < copy.Input.Count; i++)
        {
            copy.Input[i] = _channelsLast.Contains(copy.Input[i]) ? Transposed(copy.Input[i], "channels_last", s_toLast) : copy.Input[i];
        }

        return copy;
    }

    private NodeProto TurnWindow(NodeProto node)
    {
        if (!s_windows.Contains(node.OpType))
        {
            throw new UnsupportedUseException(string.Empty);
        }

        node.Domain = string.Empty;
        if (!_channelsLast.Contains(node.Input[0]))
        {
            node.Input[0] = Transposed(node.Input[0], "channels_first", s_toFirst);
        }

        if (node.OpType == "Conv" && ConstantOf(node.Input[1]) is { } weight && weight.dim() == 4
            && node.Attribute.FirstOrDefault(attribute => attribute.Name == "kernel_shape")?.Ints.SequenceEqual(weight.shape[1..3]) == true)
        {
            node.Input[1] = AddConstant($"{node.Input[1]}/channels_first", weight.permute(s_toFirst));
        }

        _channelsLast.UnionWith(node.Output);
        return node;
    }

    private bool TurnPointwise(NodeProto node)
    {
        if (!s_pointwise.Contains(node.OpType))
        {
            return false;
        }

        for (int i = 0; i < node.Input.Count; i++)
        {
            string input = node.Input[i];
            torch.Tensor? constant = ConstantOf(input);
            if (_channelsLast.Contains(input) || input.Length == 0 || constant?.numel() == 1)
            {
                continue;
            }

            // One value for each channel.
            if (constant is null || constant.dim() is < 1 or > 4 || constant.shape[^1] != constant.numel()
                || node.OpType is "QuantizeLinear" or "DequantizeLinear")
            {
                return false;
            }

            node.Input[i] = AddConstant($"{input}/channels_first", constant.reshape(-1, 1, 1));
        }

        return true;
    }

    private bool TurnJoined(NodeProto node)
    {
        if (node.OpType != "Concat" || !node.Input.All(_channelsLast.Contains)
            || node.Attribute.FirstOrDefault(attribute => attribute.Name == "axis") is not { } axis || axis.I is < -4 or > 3)
        {
            return false;
        }

        axis.I = Array.IndexOf(s_toFirst, axis.I < 0 ? axis.I + 4 : axis.I);
        return true;
    }

    private bool TurnResized(NodeProto node)
    {
        if (node.OpType is not ("Resize" or "Upsample") || node.Attribute.Any(attribute => attribute.Name is "axes" or "scales"))
        {
            return false;
        }

        for (int i = 1; i < node.Input.Count; i++)
        {
            torch.Tensor? constant = ConstantOf(node.Input[i]);
            if (node.Input[i].Length == 0 || constant?.numel() == 0)
            {
                continue;
            }

            if (constant?.numel() != 4)
            {
                return false;
            }

            node.Input[i] = AddConstant($"{node.Input[i]}/channels_first", constant.index_select(0, torch.tensor(s_toFirst)));
        }

        return true;
    }

    private string Transposed(string value, string suffix, long[] order)
    {
        string name = $"{value}/{suffix}";
        if (!_values.ContainsKey(name))
        {
            AddPlain(
                new NodeProto { OpType = "Transpose", Input = { value }, Output = { name }, Attribute = { OnnxDefinitions.ToAttribute("perm", order) } },
                isPart: true);
        }

        return name;
    }
}
