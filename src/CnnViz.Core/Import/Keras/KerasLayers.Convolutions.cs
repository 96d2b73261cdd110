using CnnViz.Import.Networks;
using CnnViz.Networks;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.Keras;

// What slides kernels over images. A built-in activation is a node of its own behind the layer's.
internal static partial class KerasLayers
{
    private static Dictionary<string, Func<KerasLayerCall, KerasValue>> Convolutions() => new()
    {
        ["Conv2D"] = call =>
        {
            Weight kernel = call.NextWeight("kernel", 4).ToConvolution(call.Dialect);
            long groups = call.Settings.Wholes("groups")?[0] ?? 1;
            ThrowUnlessFits(kernel.Shape[1] * groups, call.Map);
            return call.Convolve(call.Name, call.Map, kernel, call.NextWeightIf("use_bias", "bias"), KernelWindow(call, kernel), groups);
        },
        ["DepthwiseConv2D"] = call =>
        {
            Weight kernel = call.NextWeight("depthwise kernel", 4);
            ThrowUnlessFits(kernel.Shape[2], call.Map);
            return call.Convolve(
                call.Name,
                call.Map,
                kernel.ToDepthwise(),
                call.NextWeightIf("use_bias", "bias"),
                KernelWindow(call, kernel.ToDepthwise()),
                kernel.Shape[2]);
        },
        ["SeparableConv2D"] = call =>
        {
            Weight depthwise = call.NextWeight("depthwise kernel", 4);
            Weight pointwise = call.NextWeight("pointwise kernel", 4).ToConvolution(call.Dialect);
            ThrowUnlessFits(depthwise.Shape[2], call.Map);
            Window window = KernelWindow(call, depthwise.ToDepthwise());
            Value between = call.Net.Conv2d($"{call.Name}/depthwise", call.Map, depthwise.ToDepthwise(), null, window, depthwise.Shape[2]);
            ThrowUnlessFits(pointwise.Shape[1], between);
            return call.Convolve(call.Name, between, pointwise, call.NextWeightIf("use_bias", "bias"), Windows.Square(1), 1);
        },
        ["Conv2DTranspose"] = MakeTransposed,
    };

    private static KerasValue MakeTransposed(KerasLayerCall call)
    {
        // Stored h×w×out×in: turned around it is in×out×h×w, as ours is.
        Weight kernel = call.NextWeight("kernel", 4).ToConvolution(call.Dialect);
        ThrowUnlessFits(kernel.Shape[0], call.Map);
        Extent size = new(kernel.Shape[2], kernel.Shape[3]);
        Extent stride = call.Settings.Pair("strides", Extent.One);
        Extent dilation = call.Settings.Pair("dilation_rate", Extent.One);
        Extent? more = call.Settings.Find("output_padding") is null ? null : call.Settings.Pair("output_padding", default);
        long rows = Cut(size.Height, stride.Height, dilation.Height, more?.Height, call.IsSame);
        long columns = Cut(size.Width, stride.Width, dilation.Width, more?.Width, call.IsSame);
        var cut = new Padding(Math.Max(0, rows) / 2, Math.Max(0, columns) / 2, (Math.Max(0, rows) + 1) / 2, (Math.Max(0, columns) + 1) / 2);
        Value output = call.Net.ConvTranspose2d(
            call.Name,
            call.Map,
            kernel,
            call.NextWeightIf("use_bias", "bias"),
            new Window(size, stride, dilation, cut),
            new Extent(Math.Max(0, -rows), Math.Max(0, -columns)));
        return call.Activate(KerasValue.Map(output));
    }

    // How much longer the full output, (n − 1)·stride + reach, is than Keras wants it; below zero for what it adds at the end.
    private static long Cut(long kernel, long stride, long dilation, long? more, bool isSame)
    {
        long reach = (kernel - 1) * dilation + 1;
        return (more, isSame) switch
        {
            (null, true) => reach - stride,
            (null, false) => Math.Min(0, reach - stride),
            (_, true) => reach / 2 * 2 - more.Value,
            (_, false) => -more.Value,
        };
    }

    private static KerasValue Convolve(
        this KerasLayerCall call, string name, Value input, Weight kernel, Weight? bias, Window window, long groups) =>
        call.Activate(KerasValue.Map(call.Net.Conv2d(name, input, kernel, bias, window, groups)));

    private static Window KernelWindow(KerasLayerCall call, Weight kernel) =>
        SlidingWindow(call, new Extent(kernel.Shape[2], kernel.Shape[3]), Extent.One);

    private static Window SlidingWindow(KerasLayerCall call, Extent kernel, Extent defaultStride)
    {
        Extent stride = call.Settings.Pair("strides", defaultStride);
        var window = new Window(kernel, stride, call.Settings.Pair("dilation_rate", Extent.One), default);
        if (!call.IsSame)
        {
            return window;
        }

        // Without strides it does not depend on the image's size.
        (long rows, long columns) = (window.Reach.Height - 1, window.Reach.Width - 1);
        return window.Stride == Extent.One
            ? window with { Padding = new(rows / 2, columns / 2, (rows + 1) / 2, (columns + 1) / 2) }
            : window with { Rule = PaddingRule.SameUpper };
    }

    private static void ThrowUnlessFits(long channels, Value input)
    {
        if (input.Channels is { } given && given != channels)
        {
            throw new FormatException($"its kernel is for {channels} channels, and {given} come in");
        }
    }
}
