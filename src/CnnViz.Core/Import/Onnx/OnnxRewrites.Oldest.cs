using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.Onnx;

// Operators of the first sets that later ones do not have.
internal static partial class OnnxRewrites
{
    private static Dictionary<string, Action<OnnxRewrite>> Oldest() => new()
    {
        ["ImageScaler"] = node =>
        {
            float[] bias = node.View.Floats("bias") ?? [0];
            string scaled = node.Add("Mul", [node.Input(0), node.AddConstant(torch.tensor((float)node.View.Float("scale", 1)))], null);
            node.AddNamed("Add", [scaled, node.AddConstant(torch.tensor(bias).reshape(1, -1, 1, 1))], node.Output);
        },
        ["Affine"] = node =>
        {
            string scaled = node.Add("Mul", [node.Input(0), node.AddConstant(torch.tensor((float)node.View.Float("alpha", 1)))], null);
            node.AddNamed("Add", [scaled, node.AddConstant(torch.tensor((float)node.View.Float("beta", 0)))], node.Output);
        },
        ["Scale"] = node =>
            node.AddNamed("Mul", [node.Input(0), node.AddConstant(torch.tensor((float)node.View.Float("scale", 1)))], node.Output),
        ["Crop"] = node =>
        {
            if (node.View.Ints("border") is not [var left, var top, var right, var bottom])
            {
                throw new UnsupportedUseException("without four borders");
            }

            long[] ends = node.View.Ints("scale") is [var height, var width]
                ? [top + height, left + width]
                : [bottom == 0 ? long.MaxValue : -bottom, right == 0 ? long.MaxValue : -right];
            (string[] inputs, (string, object)[] attributes) = node.View.Opset < 10
                ? (Array.Empty<string>(), new (string, object)[] { ("starts", new[] { top, left }), ("ends", ends), ("axes", new long[] { 2, 3 }) })
                : (new[] { node.AddLongs(top, left), node.AddLongs(ends), node.AddLongs(2, 3) }, []);
            node.AddNamed("Slice", [node.Input(0), .. inputs], node.Output, attributes);
        },
        ["ScaledTanh"] = node =>
        {
            string inner = node.Add("Mul", [node.Input(0), node.AddConstant(torch.tensor((float)node.View.Float("beta", 1)))], null);
            node.AddNamed(
                "Mul", [node.Add("Tanh", [inner], null), node.AddConstant(torch.tensor((float)node.View.Float("alpha", 1)))], node.Output);
        },
        ["ParametricSoftplus"] = node =>
        {
            string inner = node.Add("Mul", [node.Input(0), node.AddConstant(torch.tensor((float)node.View.Float("beta", 1)))], null);
            node.AddNamed(
                "Mul", [node.Add("Softplus", [inner], null), node.AddConstant(torch.tensor((float)node.View.Float("alpha", 1)))], node.Output);
        },
    };

    // Brevitas and QONNX write real numbers, rounded as whole ones of some bits would be.
    private static Dictionary<string, Action<OnnxRewrite>> Brevitas() => new()
    {
        ["Quant"] = node =>
        {
            bool signed = node.View.Int("signed", 1) != 0;
            torch.Tensor zero = node.View.Constant(2) ?? throw new UnsupportedUseException("whose zero point is not a constant");
            if (node.View.Constant(0) is { } constant)
            {
                node.AddConstant(Round(node, constant, zero, signed), node.Output);
                return;
            }

            bool isRectified = !signed && zero.ToFloats().All(value => value == 0) && !node.IsRectified(node.Input(0));
            if (isRectified)
            {
                node.Add("Relu", [node.Input(0)], node.Output);
            }
            else
            {
                node.Alias(node.Output, node.Input(0));
            }
        },
        ["BipolarQuant"] = node =>
        {
            torch.Tensor constant = node.View.Constant(0) ?? throw new UnsupportedUseException("of activations");
            torch.Tensor scale = node.View.Constant(1) ?? throw new UnsupportedUseException("whose scale is not a constant");
            node.AddConstant(constant.Ge(0).to(torch.float32).Mul(2).Sub(1) * scale, node.Output);
        },
        ["Trunc"] = node => node.Alias(node.Output, node.Input(0)),
    };

    private static torch.Tensor Round(OnnxRewrite node, torch.Tensor real, torch.Tensor zero, bool signed)
    {
        torch.Tensor scale = node.View.Constant(1) ?? throw new UnsupportedUseException("whose scale is not a constant");
        double bits = node.View.Constant(3)?.ToFloats() is [var given] ? given : throw new UnsupportedUseException("without one width in bits");
        double narrow = node.View.Int("narrow", 0) != 0 ? 1 : 0;
        double low = signed ? -Math.Pow(2, bits - 1) + narrow : 0;
        double high = signed ? Math.Pow(2, bits - 1) - 1 : Math.Pow(2, bits) - 1 - narrow;
        torch.Tensor numbers = (real / scale).Add(zero).Clamp(low, high);
        torch.Tensor rounded = node.View.Text("rounding_mode", "ROUND").ToUpperInvariant() switch
        {
            "ROUND" => numbers.round(),
            "CEIL" => numbers.ceil(),
            "FLOOR" => numbers.floor(),
            "ROUND_TO_ZERO" or "DOWN" => numbers.trunc(),
            string other => throw new UnsupportedUseException($"with rounding_mode = {other}"),
        };
        return (rounded - zero) * scale;
    }
}
