using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.Onnx;

// ONNX Runtime's own operators, which its quantizer and its optimizer write.
internal static partial class OnnxRewrites
{
    private static Dictionary<string, Action<OnnxRewrite>> QuantizedByMicrosoft() => new()
    {
        ["QLinearAdd"] = node => Finish(node, "Add", [Real(node, 0, node.Quantization(1, 2)), Real(node, 3, node.Quantization(4, 5))], 6),
        ["QLinearMul"] = node => Finish(node, "Mul", [Real(node, 0, node.Quantization(1, 2)), Real(node, 3, node.Quantization(4, 5))], 6),
        ["QLinearSigmoid"] = node => Finish(node, "Sigmoid", [Real(node, 0, node.Quantization(1, 2))], 3),
        ["QLinearLeakyRelu"] = node =>
            Finish(node, "LeakyRelu", [Real(node, 0, node.Quantization(1, 2))], 3, attributes: ("alpha", (float)node.View.Float("alpha", 0.01))),
        ["QLinearSoftmax"] = node => Finish(node, "Softmax", [Real(node, 0, node.Quantization(1, 2))], 3, attributes: SoftmaxAxis(node)),
        ["QLinearAveragePool"] = node => Pool(node, "AveragePool"),
        ["QLinearGlobalAveragePool"] = node => Pool(node, "GlobalAveragePool"),
        ["NhwcMaxPool"] = node =>
        {
            string pooled = node.AddNamed("MaxPool", [ToChannelsFirst(node, node.Input(0), channelsLast: true)], null, node.AttributesBut());
            node.Add("Transpose", [pooled], node.Output, ("perm", new long[] { 0, 2, 3, 1 }));
            if (node.QuantizationOf(node.Input(0)) is { } quantization)
            {
                node.SetQuantization(node.Output, quantization);
            }
        },
        ["QLinearConcat"] = node => Finish(
            node,
            "Concat",
            [.. Enumerable.Range(0, (node.InputCount - 2) / 3).Select(i => Real(node, 2 + 3 * i, node.Quantization(3 + 3 * i, 4 + 3 * i)))],
            0,
            attributes: ("axis", node.View.Int("axis", 1))),
        ["QGemm"] = QuantizedGemm,
        ["DynamicQuantizeMatMul"] = node => AddBias(
            node, node.Input(0), Real(node, 1, node.Quantization(2, 3, axis: -1)), bias: 4),
        ["MatMulIntegerToFloat"] = node => AddBias(
            node, Real(node, 0, node.Quantization(2, 4, axis: -2)), Real(node, 1, node.Quantization(3, 5, axis: -1)), bias: 6),
    };

    private static Dictionary<string, Action<OnnxRewrite>> Fused() => new()
    {
        ["FusedConv"] = node =>
        {
            bool hasSum = node.View.Has(3);
            string activation = node.View.Text("activation", string.Empty);
            string[] inputs = node.View.Has(2) ? [node.Input(0), node.Input(1), node.Input(2)] : [node.Input(0), node.Input(1)];
            string made = node.AddNamed(
                "Conv", inputs, hasSum || activation.Length > 0 ? null : node.Output, node.AttributesBut("activation", "activation_params"));
            if (hasSum)
            {
                made = node.Add("Add", [made, node.Input(3)], activation.Length > 0 ? null : node.Output);
            }

            Activate(node, activation, made, node.View.Floats("activation_params") ?? []);
        },
        ["FusedGemm"] = node =>
        {
            string activation = node.View.Text("activation", string.Empty);
            string made = node.AddNamed(
                "Gemm",
                [.. Enumerable.Range(0, node.InputCount).Select(node.Input)],
                activation.Length > 0 ? null : node.Output,
                node.AttributesBut("activation", "activation_alpha", "activation_beta", "activation_gamma"));
            Activate(node, activation, made, [(float)node.View.Float("activation_alpha", 0.01), (float)node.View.Float("activation_beta", 0)]);
        },
    };

    private static void Activate(OnnxRewrite node, string activation, string value, float[] numbers)
    {
        switch (activation)
        {
            case "":
                break;
            case "Relu" or "Sigmoid" or "Tanh":
                node.Add(activation, [value], node.Output);
                break;
            case "LeakyRelu":
                node.Add(activation, [value], node.Output, ("alpha", numbers is [var slope, ..] ? slope : 0.01f));
                break;
            case "Clip" when numbers is [var low, var high]:
                Clip(node, value, low, high, node.Output);
                break;
            case "HardSigmoid" when numbers is [var alpha, var beta]:
                node.Add(activation, [value], node.Output, ("alpha", alpha), ("beta", beta));
                break;
            default:
                throw new UnsupportedUseException($"with activation = {activation}");
        }
    }

    private static void Pool(OnnxRewrite node, string type)
    {
        bool channelsLast = node.View.Int("channels_last", 0) != 0;
        string input = ToChannelsFirst(node, Real(node, 0, node.Quantization(1, 2)), channelsLast);
        Finish(node, type, [input], 3, channelsLast, node.AttributesBut(s_ownAttributes));
    }

    private static (string, object)[] SoftmaxAxis(OnnxRewrite node)
    {
        // The attribute says which set's softmax is meant; before 13 everything behind the axis is one distribution.
        bool isNew = node.View.Int("opset", node.View.Opset) >= 13;
        long axis = node.View.Int("axis", isNew ? -1 : 1);
        return isNew == node.View.Opset >= 13 || axis == -1 ? [("axis", axis)] : throw new UnsupportedUseException($"with axis = {axis}");
    }

    private static void QuantizedGemm(OnnxRewrite node)
    {
        bool turned = node.View.Int("transB", 0) != 0;
        float alpha = (float)node.View.Float("alpha", 1);
        OnnxQuantization input = node.Quantization(1, 2);
        OnnxQuantization weight = node.Quantization(4, 5, axis: turned ? 0 : 1);
        string[] inputs = [Real(node, 0, input), Real(node, 3, weight)];
        if (node.View.Constant(6) is { } bias)
        {
            inputs = [.. inputs, node.AddConstant(bias.to(torch.float32).Mul(alpha * input.OneScale) * weight.Scale.reshape(-1), PlainName(node.Input(6)))];
        }

        (string, object)[] attributes = node.AttributesBut();
        if (node.View.Has(7))
        {
            Finish(node, "Gemm", inputs, 7, attributes: attributes);
        }
        else
        {
            node.AddNamed("Gemm", inputs, node.Output, attributes);
        }
    }

    private static void AddBias(OnnxRewrite node, string a, string b, int bias)
    {
        string product = node.AddNamed("MatMul", [a, b], node.View.Has(bias) ? null : node.Output);
        if (node.View.Has(bias))
        {
            node.Add("Add", [product, node.Input(bias)], node.Output);
        }
    }
}
