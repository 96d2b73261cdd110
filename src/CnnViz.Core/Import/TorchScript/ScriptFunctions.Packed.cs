using CnnViz.Networks.Operators;

namespace CnnViz.Import.TorchScript;

// Layers of quantized networks, and of those that were made ready for phones. Weights become the numbers that they stand for; activations
// are not rounded.
internal static partial class ScriptFunctions
{
    private static Dictionary<string, Func<ScriptCall, object?>> Packed() => new()
    {
        ["quantize_per_tensor(input, scale, zero_point, dtype)"] = Unchanged,
        ["quantize_per_tensor_dynamic(input, dtype, reduce_range)"] = Unchanged,
        ["dequantize(input)"] = Unchanged,
        ["quantized.conv2d(input, packed, scale=None, zero_point=None)"] = call => PackedConvolution(call),
        ["quantized.conv2d_relu(input, packed, scale=None, zero_point=None)"] = call => Rectified(call, PackedConvolution(call)),
        ["quantized.linear(input, packed, scale=None, zero_point=None)"] = call => PackedDense(call),
        ["quantized.linear_relu(input, packed, scale=None, zero_point=None)"] = call => Rectified(call, PackedDense(call)),
        ["quantized.linear_dynamic(input, packed, reduce_range=False)"] = call => PackedDense(call),
        ["quantized.linear_relu_dynamic(input, packed, reduce_range=False)"] = call => Rectified(call, PackedDense(call)),
        ["quantized.add(input, other, scale=None, zero_point=None)"] = call => Binary(call, "Add", call["input"], call["other"]),
        ["quantized.add_relu(input, other, scale=None, zero_point=None)"] =
            call => Rectified(call, (ScriptTensor)Binary(call, "Add", call["input"], call["other"])!),
        ["quantized.add_scalar(input, other)"] = call => Binary(call, "Add", call["input"], call["other"]),
        ["quantized.mul(input, other, scale=None, zero_point=None)"] = call => Binary(call, "Mul", call["input"], call["other"]),
        ["quantized.mul_scalar(input, other)"] = call => Binary(call, "Mul", call["input"], call["other"]),
        ["quantized.cat(tensors, dim, scale=None, zero_point=None)"] = Concat,
        ["quantized.batch_norm2d(input, weight, bias, running_mean, running_var, eps, scale=None, zero_point=None)"] = BatchNorm,
        ["quantized.batch_norm2d_relu(input, weight, bias, running_mean, running_var, eps, scale=None, zero_point=None)"] =
            call => Rectified(call, BatchNorm(call)),
        ["quantized.hardswish(input, scale=None, zero_point=None)"] = call => Of(call, "HardSwish"),
        ["quantized.sigmoid(input, scale=None, zero_point=None)"] = call => Of(call, "Sigmoid"),
        ["quantized.relu6(input, inplace=False)"] = call => Clip(call, 0, 6),
        ["quantized.leaky_relu(input, negative_slope, inplace=False, scale=None, zero_point=None)"] =
            call => Of(call, "LeakyRelu", ("alpha", (float)call.Number("negative_slope"))),
        ["quantized.linear_prepack(weight, bias=None)"] = call => new ScriptPacked(new[] { call["weight"], call["bias"] }),
        ["quantized.conv2d_prepack(weight, bias, stride, padding, dilation, groups)"] = call => new ScriptPacked(new[]
        {
            call["weight"], call["bias"], call["stride"], call["padding"], call["dilation"], call["groups"],
        }),
        ["prepacked.conv2d_clamp_run(input, packed)"] = call => Clamped(call, PackedConvolution(call)),
        ["prepacked.linear_clamp_run(input, packed)"] = call => Clamped(call, PackedDense(call)),
    };

    private static ScriptTensor Rectified(ScriptCall call, ScriptTensor output) =>
        call.Net.Add($"{call.Name}.relu", "Relu", [output]);

    // Phones' layers end with a range, the last two of what they save.
    private static ScriptTensor Clamped(ScriptCall call, ScriptTensor output) =>
        Saved(call) is [.., var low, var high] && (low is not null || high is not null)
            ? call.Net.Add($"{call.Name}.clamp", "Clip", [output, Bound(low), Bound(high)])
            : output;

    private static object? Bound(object? value) => ScriptCall.AsNumber(value) is { } number ? (float)number : null;

    private static IReadOnlyList<object?> Saved(ScriptCall call) => ScriptCall.Items((call["packed"] as ScriptPacked)?.State)
        ?? throw new NotTranslatedException($"{call.Name} with weights that are packed in another way");

    private static ScriptTensor PackedDense(ScriptCall call)
    {
        if (Tensors(Saved(call)) is not [{ Rank: 2, Constant: { } weight }, .. var more])
        {
            throw new NotTranslatedException($"{call.Name} with weights that are packed in another way");
        }

        Note(call);
        return Dense(call, weight, more.FirstOrDefault(tensor => tensor.Rank == 1));
    }

    private static ScriptTensor PackedConvolution(ScriptCall call)
    {
        IReadOnlyList<object?> saved = Saved(call);
        ScriptTensor? weight = Tensors(saved).FirstOrDefault(tensor => tensor is { Rank: 4, IsFloat: true });
        ScriptTensor? bias = Tensors(saved).FirstOrDefault(tensor => tensor is { Rank: 1, IsFloat: true });
        if (weight is null || Geometry(saved) is not [var s0, var s1, var p0, var p1, var d0, var d1, var groups])
        {
            throw new NotTranslatedException($"{call.Name} with weights that are packed in another way");
        }

        Note(call);
        return Convolution(
            call.With(
                ("weight", weight),
                ("bias", bias),
                ("stride", new List<object?> { s0, s1 }),
                ("padding", new List<object?> { p0, p1 }),
                ("dilation", new List<object?> { d0, d1 }),
                ("groups", groups)),
            false,
            [0, 0]);
    }

    // Three lists and a number; or one list, or tensor: dimensions, strides, padding, dilation, output padding, groups, whether transposed.
    private static long[]? Geometry(IReadOnlyList<object?> saved)
    {
        foreach (IReadOnlyList<object?> items in saved.Select(ScriptCall.Items).OfType<IReadOnlyList<object?>>().Prepend(saved))
        {
            if (items.OfType<ScriptTensor>().FirstOrDefault(tensor => tensor is { IsFloat: false, Rank: 1, Count: 11 }) is { Constant: { } numbers })
            {
                return Of(numbers.ToLongs());
            }

            if (items.Count == 11 && items.All(item => item is long))
            {
                return Of([.. items.Cast<long>()]);
            }
        }

        long[][] lists = [.. saved.Select(ScriptCall.Items).OfType<IReadOnlyList<object?>>().Where(items => items.Count == 2 && items.All(item => item is long))
            .Select(items => items.Cast<long>().ToArray())];
        return lists.Length == 3 && saved.OfType<long>().FirstOrDefault() is > 0 and var count ? [.. lists.SelectMany(list => list), count] : null;

        static long[]? Of(long[] all) => all is [2, .. var six, 0, 0, var groups, 0] && six.Length == 6 ? [.. six, groups] : null;
    }

    private static ScriptTensor[] Tensors(IReadOnlyList<object?> saved) =>
        [.. saved.SelectMany(item => ScriptCall.Items(item) ?? [item]).OfType<ScriptTensor>()];

    private static void Note(ScriptCall call)
    {
        if (call.Arguments.ContainsKey("scale"))
        {
            call.Net.Notes.Add("Its layers are quantized: weights are the numbers that they stand for, and activations are not rounded.");
        }
    }
}
