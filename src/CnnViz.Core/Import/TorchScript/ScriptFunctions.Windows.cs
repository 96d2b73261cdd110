using CnnViz.Import.Networks;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;
using Padding = CnnViz.Networks.Operators.Padding;

namespace CnnViz.Import.TorchScript;

// What slides a window over the image, or pools all of it.
internal static partial class ScriptFunctions
{
    private static Dictionary<string, Func<ScriptCall, object?>> Windows() => new()
    {
        ["_convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups, benchmark=False, "
            + "deterministic=False, cudnn_enabled=True, allow_tf32=True)"] = Convolution,
        ["convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups)"] = Convolution,
        ["conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1)"] = call => Convolution(call, false, [0, 0]),
        ["conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1)"] =
            call => Convolution(call, true, call.Longs("output_padding")),
        ["max_pool2d(input, kernel_size, stride=[], padding=0, dilation=1, ceil_mode=False)"] = MaxPool,
        ["max_pool2d_with_indices(input, kernel_size, stride=[], padding=0, dilation=1, ceil_mode=False)"] =
            call => new object?[] { MaxPool(call), new ScriptUnknown("where a pooling found its values") },
        ["avg_pool2d(input, kernel_size, stride=[], padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None)"] = call =>
            call["divisor_override"] is null
                ? call.Add("AveragePool", [Map(call)], [.. Pooling(call), ("count_include_pad", call.Bool("count_include_pad") ? 1L : 0)])
                : throw new NotTranslatedException("avg_pool2d with a divisor"),
        ["adaptive_avg_pool2d(input, output_size)"] = call => AdaptivePool(call, isMax: false),
        ["adaptive_max_pool2d(input, output_size)"] =
            call => new object?[] { AdaptivePool(call, isMax: true), new ScriptUnknown("where a pooling found its values") },
        ["avg_pool3d(input, kernel_size, stride=[], padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None)"] = MeanOfNeighbours,
        ["pixel_shuffle(input, upscale_factor)"] =
            call => call.Add("DepthToSpace", [Map(call)], ("blocksize", call.Long("upscale_factor")), ("mode", "CRD")),
        ["pixel_unshuffle(input, downscale_factor)"] = PixelUnshuffle,
        ["channel_shuffle(input, groups)"] = call =>
        {
            ScriptTensor input = Map(call);
            long groups = call.Long("groups");
            ScriptTensor parts = call.Add("Reshape", [input, new[] { 0, groups, input.Shape[1] / groups, input.Shape[2], input.Shape[3] }]);
            ScriptTensor turned = call.Add("Transpose", [parts], ("perm", new long[] { 0, 2, 1, 3, 4 }));
            return call.Add("Reshape", [turned, new[] { 0, input.Shape[1], input.Shape[2], input.Shape[3] }]);
        },
    };

    private static ScriptTensor Map(ScriptCall call) => call.Tensor("input") is { Rank: 4 } input
        ? input
        : throw new NotTranslatedException($"{call.Name} of what is no map of two dimensions");

    private static object? Convolution(ScriptCall call) => Convolution(call, call.Bool("transposed"), call.Longs("output_padding"));

    private static ScriptTensor Convolution(ScriptCall call, bool transposed, long[] outputPadding)
    {
        ScriptTensor input = call.Tensor("input");
        torch.Tensor weight = call.Constant("weight");
        if (weight.dim() != 4 || input.Rank != 4)
        {
            throw new NotTranslatedException($"a convolution of {weight.dim() - 2} dimensions");
        }

        long groups = call.Long("groups");
        long channels = transposed ? weight.shape[0] : weight.shape[1] * groups;
        if (channels != input.Shape[1])
        {
            string message = $"'{call.Name}' takes {channels} channels and is given {input.Shape[1]}";
            throw call.Net.HasConvolution ? call.Net.Fails(message) : new ScriptChannelException(message);
        }

        Extent kernel = new(weight.shape[2], weight.shape[3]);
        Extent dilation = Pair(call.Longs("dilation"));
        var inputs = new object?[] { input, call.Tensor("weight"), call.OptionalTensor("bias") };
        if (!transposed)
        {
            return call.Add("Conv", inputs, [.. WindowOf(call, kernel, dilation).ToAttributes(), ("group", groups)]);
        }

        var window = Networks.Windows.Of(kernel, Pair(call.Longs("stride")), Pair(call.Longs("padding")), dilation);
        return call.Add(
            "ConvTranspose", inputs, [.. window.ToAttributes(), ("output_padding", Pair(outputPadding).ToArray()), ("group", groups)]);
    }

    private static Window WindowOf(ScriptCall call, Extent kernel, Extent dilation)
    {
        Extent stride = Pair(call.Longs("stride"));
        switch (call["padding"])
        {
            case "valid":
                return Networks.Windows.Of(kernel, stride, new Extent(0, 0), dilation);
            case "same":
                // What is left over goes to the bottom and the right.
                (long rows, long columns) = (dilation.Height * (kernel.Height - 1), dilation.Width * (kernel.Width - 1));
                var padding = new Padding(rows / 2, columns / 2, rows - rows / 2, columns - columns / 2);
                return new Window(kernel, stride, dilation, padding);
            default:
                return Networks.Windows.Of(kernel, stride, Pair(call.Longs("padding")), dilation);
        }
    }

    private static ScriptTensor MaxPool(ScriptCall call) =>
        call.Add("MaxPool", [Map(call)], [.. Pooling(call, Pair(call.Longs("dilation")))]);

    private static IEnumerable<(string Name, object Value)> Pooling(ScriptCall call, Extent? dilation = null)
    {
        Extent kernel = Pair(call.Longs("kernel_size"));
        long[] stride = call.OptionalLongs("stride") ?? [];
        Window window = Networks.Windows.Of(kernel, stride.Length == 0 ? kernel : Pair(stride), Pair(call.Longs("padding")), dilation);
        return [.. window.ToAttributes(), ("ceil_mode", call.Bool("ceil_mode") ? 1L : 0)];
    }

    // None keeps a size.
    private static ScriptTensor AdaptivePool(ScriptCall call, bool isMax)
    {
        ScriptTensor input = Map(call);
        object?[] given = ScriptCall.Items(call["output_size"]) is { } items ? [.. items] : [call["output_size"], call["output_size"]];
        long[] size = [.. given.Select((side, i) => side is null ? input.Shape[i + 2] : ScriptCall.AsLong(side) ?? 0)];
        if (size is not [> 0, > 0])
        {
            throw new NotTranslatedException($"{call.Name} to a size that is not known");
        }

        if (size is [1, 1])
        {
            return call.Add(isMax ? "GlobalMaxPool" : "GlobalAveragePool", [input]);
        }

        if (!isMax)
        {
            return call.Net.Add(input, (net, value) => net.AdaptiveAvgPool2d(call.Name, value, size[0], size[1]));
        }

        (long height, long width) = (input.Shape[2] / size[0], input.Shape[3] / size[1]);
        return input.Shape[2] % size[0] == 0 && input.Shape[3] % size[1] == 0
            ? call.Add("MaxPool", [input], [.. Networks.Windows.Of(new(height, width), new(height, width), new(0, 0)).ToAttributes()])
            : throw new NotTranslatedException("adaptive_max_pool2d to a size that does not divide its input's");
    }

    // Along the channels of N×1×C×H×W: what local response normalization is made of.
    private static object? MeanOfNeighbours(ScriptCall call)
    {
        ScriptTensor input = call.Tensor("input");
        bool isPlain = call.Longs("padding").All(side => side == 0) && call["divisor_override"] is null
            && (call.OptionalLongs("stride") ?? []).All(step => step == 1);
        if (input.Rank != 5 || !isPlain || call.Longs("kernel_size") is not [> 0 and <= 64 and var size, 1, 1] || size > input.Shape[2])
        {
            throw new NotTranslatedException("avg_pool3d over rows or columns");
        }

        long count = input.Shape[2] - size + 1;
        ScriptTensor sum = Part(call, input, 2, 0, count);
        for (long i = 1; i < size; i++)
        {
            sum = call.Add("Add", [sum, Part(call, input, 2, i, i + count)]);
        }

        return call.Add("Div", [sum, (float)size]);
    }

    private static object? PixelUnshuffle(ScriptCall call)
    {
        ScriptTensor input = Map(call);
        long factor = call.Long("downscale_factor");
        if (factor < 1 || input.Shape[2] % factor != 0 || input.Shape[3] % factor != 0)
        {
            throw new NotTranslatedException("pixel_unshuffle of a size that it does not divide");
        }

        (long channels, long height, long width) = (input.Shape[1], input.Shape[2] / factor, input.Shape[3] / factor);
        ScriptTensor parts = call.Add("Reshape", [input, new[] { 0, channels, height, factor, width, factor }]);
        ScriptTensor turned = call.Add("Transpose", [parts], ("perm", new long[] { 0, 1, 3, 5, 2, 4 }));
        return call.Add("Reshape", [turned, new[] { 0, channels * factor * factor, height, width }]);
    }

    private static Extent Pair(long[] values) => values switch
    {
        [var side] => new Extent(side, side),
        [var height, var width] => new Extent(height, width),
        _ => throw new NotTranslatedException("sizes of another number of dimensions"),
    };
}
