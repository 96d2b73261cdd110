using TorchSharp;

namespace CnnViz.Import.TorchScript;

// What normalizes, and the layers of weights that are no convolutions.
internal static partial class ScriptFunctions
{
    private static Dictionary<string, Func<ScriptCall, object?>> Normalizations() => new()
    {
        ["batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn_enabled=True)"] = BatchNorm,
        ["instance_norm(input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, cudnn_enabled=True)"] = call =>
        {
            if (!call.Bool("use_input_stats"))
            {
                return BatchNorm(call);
            }

            long channels = Map(call).Shape[1];
            return call.Add(
                "InstanceNormalization", [call["input"], Weight(call, channels), Bias(call, channels)], ("epsilon", (float)call.Number("eps")));
        },
        ["group_norm(input, num_groups, weight=None, bias=None, eps=1e-05, cudnn_enabled=True)"] = call =>
        {
            long channels = call.Tensor("input").Shape[1];
            return call.Add(
                "GroupNormalization",
                [call["input"], Weight(call, channels), Bias(call, channels)],
                ("num_groups", call.Long("num_groups")),
                ("epsilon", (float)call.Number("eps")));
        },
        ["layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05, cudnn_enable=True)"] = call =>
        {
            long[] shape = call.Longs("normalized_shape");
            ScriptTensor input = call.Tensor("input");
            if (shape.Length > input.Rank || !input.Shape[^shape.Length..].SequenceEqual(shape))
            {
                throw call.Net.Fails($"'{call.Name}' normalizes {string.Join('×', shape)} and is given {string.Join('×', input.Shape)}");
            }

            return call.Add(
                "LayerNormalization",
                [input, Weight(call, shape), call.OptionalTensor("bias")],
                ("axis", -(long)shape.Length),
                ("epsilon", (float)call.Number("eps")));
        },
        ["linear(input, weight, bias=None)"] = call => Dense(call, call.Constant("weight"), call.OptionalTensor("bias")),
        ["addmm(bias, input, weight, beta=1, alpha=1)"] = call => call.Number("beta") == 1 && call.Number("alpha") == 1
            ? Dense(call, call.Constant("weight").t(), call.OptionalTensor("bias"))
            : throw new NotTranslatedException("addmm with factors"),
        ["matmul(input, other)"] = Product,
        ["mm(input, other)"] = Product,
        ["bmm(input, other)"] = Product,
    };

    private static ScriptTensor BatchNorm(ScriptCall call)
    {
        ScriptTensor input = call.Tensor("input");
        if (call["running_mean"] is null || call["running_var"] is null || input.Rank is not (2 or 4))
        {
            throw new NotTranslatedException("batch_norm with the statistics of its batch");
        }

        if (call.Arguments.GetValueOrDefault("training") is true)
        {
            call.Net.Notes.Add("It was saved in training mode; its normalizations use the statistics that it has learned.");
        }

        long channels = input.Shape[1];
        return call.Constant("running_mean").numel() == channels
            ? call.Add(
                "BatchNormalization",
                [input, Weight(call, channels), Bias(call, channels), call.Tensor("running_mean"), call.Tensor("running_var")],
                ("epsilon", (float)call.Number("eps")))
            : throw call.Net.Fails($"'{call.Name}' normalizes other channels than it is given");
    }

    private static ScriptTensor Weight(ScriptCall call, params long[] shape) =>
        call["weight"] is null ? ScriptTensor.Of(torch.ones(shape)) : ScriptTensor.Of(call.Constant("weight"));

    private static ScriptTensor Bias(ScriptCall call, params long[] shape) =>
        call["bias"] is null ? ScriptTensor.Of(torch.zeros(shape)) : ScriptTensor.Of(call.Constant("bias"));

    // Weights units×inputs.
    private static ScriptTensor Dense(ScriptCall call, torch.Tensor weight, ScriptTensor? bias)
    {
        ScriptTensor input = call.Tensor("input");
        if (weight.dim() != 2 || input.Rank < 2)
        {
            throw new NotTranslatedException($"{call.Name} of another number of dimensions");
        }

        // A map of as many channels as it takes values should have been one of a single position, and was squeezed in vain.
        bool isMap = input is { Rank: 4, IsPermuted: false };
        bool isSqueezed = isMap && input.Shape[1] == weight.shape[1] && input.Shape[2] * input.Shape[3] > 1;
        if (input.Shape[^1] != weight.shape[1] || isSqueezed)
        {
            long given = isMap ? input.Count : input.Shape[^1];
            throw call.Net.Fails($"'{call.Name}' takes {weight.shape[1]} values and is given {given}", weight.shape[1], given);
        }

        if (input.Rank == 2)
        {
            return call.Add("Gemm", [input, ScriptTensor.Of(weight), bias], ("transB", 1L));
        }

        if (input is { Rank: 4, IsPermuted: true })
        {
            // Of each position's channels, which are last: a convolution of 1×1.
            ScriptTensor map = call.Net.Add($"{call.Name}.channels_first", "Transpose", [input], ("perm", new long[] { 0, 3, 1, 2 }));
            ScriptTensor output = call.Add(
                "Conv", [map, ScriptTensor.Of(weight.reshape([.. weight.shape, 1, 1])), bias], ("kernel_shape", new long[] { 1, 1 }));
            ScriptTensor turned = call.Net.Add($"{call.Name}.channels_last", "Transpose", [output], ("perm", new long[] { 0, 2, 3, 1 }));
            turned.IsPermuted = true;
            return turned;
        }

        ScriptTensor product = call.Add("MatMul", [input, ScriptTensor.Of(weight.t().contiguous())]);
        return bias is null ? product : call.Add("Add", [product, bias]);
    }

    private static object? Product(ScriptCall call)
    {
        (ScriptTensor a, ScriptTensor b) = (call.Tensor("input"), call.Tensor("other"));
        return a.Rank == 2 && b is { Rank: 2, Constant: { } weight }
            && a.Node is not null ? Dense(call, weight.t(), null)
            : call.Add("MatMul", [a, b]);
    }
}
