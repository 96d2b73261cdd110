using CnnViz.Import.Networks;
using CnnViz.Import.Onnx;

namespace CnnViz.Import.Keras;

// Dense layers and normalizations.
internal static partial class KerasLayers
{
    private static Dictionary<string, Func<KerasLayerCall, KerasValue>> Weighted() => new()
    {
        ["Dense"] = MakeDense,
        ["BatchNormalization"] = MakeBatchNormalization,
        ["SyncBatchNormalization"] = MakeBatchNormalization,
        ["GroupNormalization"] = MakeGroupNormalization,
        ["UnitNormalization"] = MakeUnitNormalization,

        // Of keras.applications, in ConvNeXt.
        ["LayerScale"] = call => Scale(call, call.NextWeight("gamma", 1), null),
        ["LayerNormalization"] = call =>
        {
            ThrowUnlessChannels(call, "axis");
            (Weight? gamma, Weight? beta) = (call.NextWeightIf("scale", "gamma"), call.NextWeightIf("center", "beta"));
            double epsilon = call.Settings.Number("epsilon", 1e-3);
            Weight scale = gamma ?? Filled(1, beta?.Shape[0] ?? call.Map.Channels ?? throw new UnsupportedUseException("without weights"));
            return KerasValue.Map(call.Net.LayerNorm2d(call.Name, call.Map, scale, beta, epsilon));
        },
    };

    private static KerasValue MakeDense(KerasLayerCall call)
    {
        Weight kernel = call.NextWeight("kernel", 2);
        Weight? bias = call.NextWeightIf("use_bias", "bias");
        Value input = call.Input.Value;
        switch (call.Input.Rank)
        {
            case KerasRank.Vector:
                ThrowUnlessFits(kernel.Shape[0], input);
                Weight weight = kernel.ToDense(call.Input.MapChannels);
                return call.Activate(KerasValue.Vector(call.Net.Linear(call.Name, input, weight, bias)));
            case KerasRank.Map when !call.Dialect.ChannelsFirst:
                // Units at each pixel: a convolution of one pixel.
                Weight pixel = kernel.Permute(1, 0).Reshape(kernel.Shape[1], kernel.Shape[0], 1, 1);
                ThrowUnlessFits(kernel.Shape[0], input);
                return call.Convolve(call.Name, input, pixel, bias, Windows.Square(1), 1);
            case KerasRank.Sequence:
                Value product = call.Net.Add(bias is null ? call.Name : $"{call.Name}/product", "MatMul", [input, kernel], kernel.Shape[1]);
                Value sum = bias is null ? product : call.Net.Add(call.Name, "Add", [product, bias]);
                return call.Activate(call.Input with { Value = sum });
            default:
                throw new UnsupportedUseException("that is applied to rows of images");
        }
    }

    private static KerasValue MakeBatchNormalization(KerasLayerCall call)
    {
        ThrowUnlessChannels(call, "axis");
        if (call.Settings.Number("mode", 0) != 0)
        {
            throw Unsupported("mode", call.Settings.Number("mode", 0));
        }

        (Weight? gamma, Weight? beta) = (call.NextWeightIf("scale", "gamma"), call.NextWeightIf("center", "beta"));
        (Weight mean, Weight variance) = (call.NextWeight("moving mean", 1), call.NextWeight("moving variance", 1));
        ThrowUnlessFits(mean.Shape[0], call.Input.Value);
        Weight[] all = [gamma ?? Filled(1, mean.Shape[0]), beta ?? Filled(0, mean.Shape[0]), mean, variance];
        if (all.Any(weight => weight.Shape[0] != mean.Shape[0]))
        {
            throw new FormatException("its weights are of different lengths");
        }

        Weight[] ours = [.. all.Select(weight => weight.ToOurRows(call.Input.MapChannels))];
        Value output = call.Net.BatchNorm2d(
            call.Name, call.Input.Value, ours[0], ours[1], ours[2], ours[3], call.Settings.Number("epsilon", 1e-3));
        return call.Input with { Value = output };
    }

    private static KerasValue MakeGroupNormalization(KerasLayerCall call)
    {
        ThrowUnlessChannels(call, "axis");
        (Weight? gamma, Weight? beta) = (call.NextWeightIf("scale", "gamma"), call.NextWeightIf("center", "beta"));
        long channels = gamma?.Shape[0] ?? beta?.Shape[0] ?? call.Map.Channels ?? throw new UnsupportedUseException("without weights");
        ThrowUnlessFits(channels, call.Map);
        long groups = call.Settings.Wholes("groups") is [var given] ? given : 32;
        groups = groups == -1 ? channels : groups;
        if (groups < 1 || channels % groups != 0)
        {
            throw new FormatException($"{channels} channels are not of {groups} groups");
        }

        double epsilon = call.Settings.Number("epsilon", 1e-3);
        return KerasValue.Map(call.Net.GroupNorm(
            call.Name, call.Map, gamma ?? Filled(1, channels), beta ?? Filled(0, channels), groups, epsilon));
    }

    // x / √max(Σ x², 1e-12).
    private static KerasValue MakeUnitNormalization(KerasLayerCall call)
    {
        ThrowUnlessChannels(call, "axis");
        Value x = call.Input.Value;
        Value squares = call.Net.Mul($"{call.Name}/squares", x, x);
        Value sum = call.Net.Add($"{call.Name}/sum", "ReduceSum", [squares, new[] { 1L }], 1, attributes: [("keepdims", 1L)]);
        Value length = call.Net.Add($"{call.Name}/length", "Sqrt", [call.Net.Clip($"{call.Name}/clip", sum, 1e-12f, float.MaxValue)]);
        return call.Input with { Value = call.Net.Add(call.Name, "Div", [x, length]) };
    }

    private static void ThrowUnlessChannels(KerasLayerCall call, string setting)
    {
        long axis = call.Settings.Wholes(setting) is [var given] ? given : -1;
        if (call.Input.Rank == KerasRank.Sequence || call.AxisHere(axis, call.Input.Rank) != 1)
        {
            throw Unsupported(setting, axis);
        }
    }

    private static Weight Filled(float value, long count) => Enumerable.Repeat(value, checked((int)count)).ToArray();
}
