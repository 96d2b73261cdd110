using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;
using Padding = CnnViz.Networks.Operators.Padding;

namespace CnnViz.Import.Onnx;

// What slides a window over the image, or pools all of it.
internal static partial class OnnxOperators
{
    // Pixels that no kernel, stride, dilation or padding exceeds; a damaged file must not ask for all the memory there is.
    private const long LargestWindow = 1024;

    private static Dictionary<string, Func<OnnxNode, Operator>> Windows() => new()
    {
        ["Conv"] = MakeConv,
        ["ConvTranspose"] = MakeConvTranspose,
        ["MaxPool"] = node => new MaxPool2d(WindowOf(node), IsCeil(node)),
        ["AveragePool"] = node => new AvgPool2d(WindowOf(node), IsCeil(node), node.Int("count_include_pad", 0) != 0),
        ["LpPool"] = node => new LPPool2d(WindowOf(node), IsCeil(node), Power(node)),
        ["GlobalAveragePool"] = _ => new GlobalPool("GlobalAvgPool2d", (x, dims) => x.mean(dims, keepdim: true), GlobalPool.Mean),
        ["GlobalMaxPool"] = _ => new GlobalPool("GlobalMaxPool2d", (x, dims) => x.amax(dims, keepdim: true), GlobalPool.Max),
        ["GlobalLpPool"] = node =>
        {
            double p = Power(node);
            return new GlobalPool("GlobalLPPool2d", (x, dims) => x.abs().Pow(p).sum(dims, keepdim: true).Root(p));
        },
    };

    // A real number in the first set.
    private static double Power(OnnxNode node) => node.Opset < 2 ? node.Float("p", 2) : node.Int("p", 2);

    private static Conv2d MakeConv(OnnxNode node)
    {
        torch.Tensor weight = ImageKernel(node);
        node.Operand(0);
        return new Conv2d(weight, node.OptionalWeight(2), WindowOf(node, weight), node.Int("group", 1));
    }

    private static ConvTranspose2d MakeConvTranspose(OnnxNode node)
    {
        torch.Tensor weight = ImageKernel(node);
        node.Operand(0);
        long[]? padding = node.Ints("output_padding");
        long[]? shape = node.Ints("output_shape");
        return new ConvTranspose2d(
            weight,
            node.OptionalWeight(2),
            WindowOf(node, weight),
            padding is [var bottom, var right] ? new Extent(bottom, right) : default,
            shape is [.., var height, var width] ? new Extent(height, width) : null,
            node.Int("group", 1));
    }

    private static torch.Tensor ImageKernel(OnnxNode node)
    {
        torch.Tensor weight = node.Weight(1);
        return weight.dim() == 4
            ? weight
            : throw new UnsupportedUseException($"with a kernel of {weight.dim() - 2} dimensions instead of 2");
    }

    private static Window WindowOf(OnnxNode node, torch.Tensor? weight = null)
    {
        long[] kernel = node.Ints("kernel_shape") ?? weight?.shape[2..] ?? [];
        if (kernel.Length != 2)
        {
            throw new UnsupportedUseException($"with a kernel of {kernel.Length} dimensions instead of 2");
        }

        if (weight is not null && !kernel.AsSpan().SequenceEqual(weight.shape.AsSpan(2)))
        {
            throw new ArgumentException("its kernel_shape is not that of its weights");
        }

        long[] strides = node.Ints("strides") ?? [1, 1];
        long[] dilations = node.Ints("dilations") ?? [1, 1];
        long[] pads = node.Ints("pads") ?? [0, 0, 0, 0];
        if (kernel.Concat(strides).Concat(dilations).Any(value => value is < 1 or > LargestWindow)
            || pads.Any(value => value is < 0 or > LargestWindow))
        {
            throw new ArgumentException("a kernel, stride, dilation or padding is out of range");
        }

        PaddingRule rule = node.Text("auto_pad", "NOTSET") switch
        {
            "NOTSET" => PaddingRule.Explicit,
            "VALID" => PaddingRule.Explicit,
            "SAME_UPPER" => PaddingRule.SameUpper,
            "SAME_LOWER" => PaddingRule.SameLower,
            string other => throw Unsupported("auto_pad", other),
        };
        bool valid = node.Text("auto_pad", "NOTSET") == "VALID";
        return new Window(
            ToExtent(kernel),
            ToExtent(strides),
            ToExtent(dilations),
            valid ? default : new Padding(pads[0], pads[1], pads[2], pads[3]),
            rule);
    }

    private static Extent ToExtent(long[] values) => new(values[0], values[1]);

    private static bool IsCeil(OnnxNode node) => node.Int("ceil_mode", 0) != 0;
}
