using CnnViz.Networks.Operators;
using TorchSharp;
using DataType = CnnViz.Import.Onnx.Protocol.TensorProto.Types.DataType;

namespace CnnViz.Import.Onnx;

// Quantization of ONNX itself. A quantized activation is kept as the real numbers that it stands for.
internal static partial class OnnxRewrites
{
    private static readonly string[] s_ownAttributes = ["channels_last"];

    private static Dictionary<string, Action<OnnxRewrite>> Quantized() => new()
    {
        ["QuantizeLinear"] = Quantize,
        ["DequantizeLinear"] = Dequantize,
        ["DynamicQuantizeLinear"] = node =>
        {
            // With a scale of one the whole numbers are the real ones.
            torch.Tensor one = torch.tensor(1f);
            torch.Tensor zero = torch.tensor(0L);
            node.Alias(node.Output, node.Input(0));
            node.SetQuantization(node.Output, new OnnxQuantization(one, zero, DataType.Uint8));
            if (node.OutputAt(1) is { } scale)
            {
                node.AddConstant(one, scale);
            }

            if (node.OutputAt(2) is { } point)
            {
                node.AddConstant(zero, point);
            }
        },
        ["QLinearConv"] = node =>
        {
            OnnxQuantization input = node.Quantization(1, 2);
            OnnxQuantization weight = node.Quantization(4, 5, axis: 0);
            string[] inputs = [Real(node, 0, input), Real(node, 3, weight)];
            if (node.View.Constant(8) is { } bias)
            {
                inputs = [.. inputs, node.AddConstant(bias.to(torch.float32).Mul(input.OneScale) * weight.Scale.reshape(-1), PlainName(node.Input(8)))];
            }

            bool channelsLast = node.View.Int("channels_last", 0) != 0;
            inputs[0] = ToChannelsFirst(node, inputs[0], channelsLast);
            Finish(node, "Conv", inputs, 6, channelsLast, node.AttributesBut(s_ownAttributes));
        },
        ["QLinearMatMul"] = node => Finish(
            node, "MatMul", [Real(node, 0, node.Quantization(1, 2, axis: -2)), Real(node, 3, node.Quantization(4, 5, axis: -1))], 6),
        ["ConvInteger"] = node => node.AddNamed(
            "Conv", [Shifted(node, 0, 2, -1), Shifted(node, 1, 3, 0)], node.Output, node.AttributesBut()),
        ["MatMulInteger"] = node => node.AddNamed("MatMul", [Shifted(node, 0, 2, -2), Shifted(node, 1, 3, -1)], node.Output),
    };

    private static void Quantize(OnnxRewrite node)
    {
        OnnxQuantization quantization = node.Quantization(1, 2, node.View.Int("axis", 1), node.View.Int("block_size", 0));
        if (!node.View.Has(2))
        {
            quantization = quantization with { Type = (DataType)node.View.Int("output_dtype", (long)DataType.Uint8) };
        }

        if (node.View.Constant(0) is { } constant)
        {
            node.AddConstant(quantization.ToNumbers(constant), node.Output);
            return;
        }

        Saturate(node, node.Input(0), quantization);
    }

    private static void Dequantize(OnnxRewrite node)
    {
        OnnxQuantization quantization = node.Quantization(1, 2, node.View.Int("axis", 1), node.View.Int("block_size", 0));
        if (node.View.Constant(0) is { } constant && node.QuantizationOf(node.Input(0)) is null)
        {
            node.AddConstant(quantization.ToReal(constant), node.Output);
            return;
        }

        // Straight through: what was quantized this way is there as real numbers.
        if (node.QuantizationOf(node.Input(0)) is { } known && (quantization.IsSame(known) || IsSameAlong(quantization, known)))
        {
            node.Alias(node.Output, node.Input(0));
            return;
        }

        ToReal(node, node.Input(0), quantization, node.Output);
    }

    private static bool IsSameAlong(OnnxQuantization a, OnnxQuantization b) =>
        a.Axis == b.Axis && a.Block == b.Block && a.Scale.shape.SequenceEqual(b.Scale.shape) && a.Scale.equal(b.Scale).item<bool>();

    /// <summary>The name of the real numbers of an operand, of which the file has whole ones.</summary>
    private static string Real(OnnxRewrite node, int input, OnnxQuantization quantization)
    {
        string name = node.Input(input);
        if (node.QuantizationOf(name) is { } known && quantization.IsSame(known))
        {
            return name;
        }

        return node.QuantizationOf(name) is null && node.View.Constant(input) is { } constant
            ? node.AddConstant(quantization.ToReal(constant), PlainName(name))
            : ToReal(node, name, quantization, null);
    }

    private static string ToReal(OnnxRewrite node, string value, OnnxQuantization quantization, string? output)
    {
        if (!quantization.IsWhole)
        {
            throw new UnsupportedUseException("whose activations have more than one scale");
        }

        string numbers = node.Numbers(value);
        string shifted = quantization.OneZero == 0
            ? node.Add("Cast", [numbers], null, ("to", (long)DataType.Float))
            : node.Add("Sub", [node.Add("Cast", [numbers], null, ("to", (long)DataType.Float)), node.AddConstant(torch.tensor(quantization.OneZero))], null);
        return node.Add("Mul", [shifted, node.AddConstant(torch.tensor(quantization.OneScale))], output);
    }

    // Whole numbers less their zero, as products of integers take them: one zero, or one for each position along the axis.
    private static string Shifted(OnnxRewrite node, int input, int zero, long axis)
    {
        string name = node.Input(input);
        torch.Tensor? point = node.View.Has(zero)
            ? node.View.Constant(zero) ?? throw new UnsupportedUseException("whose zero point is not a constant")
            : null;
        if (node.QuantizationOf(name) is { IsWhole: true } known && known.OneZero == (point?.numel() == 1 ? point.ToFloats()[0] : 0))
        {
            return known.OneScale == 1 ? name : node.Add("Div", [name, node.AddConstant(torch.tensor(known.OneScale))], null);
        }

        var plain = new OnnxQuantization(torch.tensor(1f), point, null, axis);
        return node.View.Constant(input) is { } constant && node.QuantizationOf(name) is null
            ? node.AddConstant(plain.ToReal(constant), PlainName(name))
            : ToReal(node, name, plain, null);
    }

    // The operation on real numbers, and the cut at the ends of the output's type where that is a ReLU.
    private static void Finish(
        OnnxRewrite node, string type, string[] inputs, int scale, bool channelsLast = false, params (string Name, object Value)[] attributes)
    {
        OnnxQuantization output = node.Quantization(scale, scale + 1);
        bool cuts = output.IsRectified;
        string made = node.AddNamed(type, inputs, cuts || channelsLast ? null : node.Output, attributes);
        if (channelsLast)
        {
            made = node.Add("Transpose", [made], cuts ? null : node.Output, ("perm", new long[] { 0, 2, 3, 1 }));
        }

        if (cuts)
        {
            Saturate(node, made, output);
        }
        else
        {
            node.SetQuantization(node.Output, output);
        }
    }

    // An ascent must not stop at the largest value that was met while the network was quantized; but a ReLU before it may be left out
    // of such a file, as its type has nothing below zero. So may a ReLU6.
    private static void Saturate(OnnxRewrite node, string real, OnnxQuantization quantization)
    {
        if (quantization.IsRectified && !node.IsRectified(real))
        {
            if (quantization.Largest is { } largest && Math.Abs(largest - 6) < 1e-3)
            {
                Clip(node, real, 0, 6, node.Output);
            }
            else
            {
                node.Add("Relu", [real], node.Output);
            }
        }
        else
        {
            node.Alias(node.Output, real);
        }

        node.SetQuantization(node.Output, quantization);
    }

    private static string Clip(OnnxRewrite node, string value, float low, float high, string? output) => node.View.Opset < 11
        ? node.Add("Clip", [value], output, ("min", low), ("max", high))
        : node.Add("Clip", [value, node.AddConstant(torch.tensor(low)), node.AddConstant(torch.tensor(high))], output);

    private static string ToChannelsFirst(OnnxRewrite node, string value, bool channelsLast) =>
        channelsLast ? node.Add("Transpose", [value], null, ("perm", new long[] { 0, 3, 1, 2 })) : value;

    // Weights are called after what they were before they were quantized.
    private static string PlainName(string name)
    {
        string plain = OnnxNames.WithoutQuantization(name);
        return plain.Length > 0 ? plain : name;
    }
}
