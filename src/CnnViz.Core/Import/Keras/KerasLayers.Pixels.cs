using CnnViz.Import.Networks;
using CnnViz.Networks.Operators;
using Tensor = TorchSharp.torch.Tensor;

namespace CnnViz.Import.Keras;

// What adds, takes away and repeats pixels, and what scales their values.
internal static partial class KerasLayers
{
    private static Dictionary<string, Func<KerasLayerCall, KerasValue>> Pixels() => new()
    {
        ["ZeroPadding2D"] = call => KerasValue.Map(call.Net.Pad(call.Name, call.Map, Around(call, "padding", 1))),
        ["Cropping2D"] = call => KerasValue.Map(call.Net.Crop(call.Name, call.Map, Around(call, "cropping", 0))),
        ["UpSampling2D"] = call =>
        {
            CnnViz.Networks.Extent size = call.Settings.Pair("size", new CnnViz.Networks.Extent(2, 2));
            return KerasValue.Map((call.Settings.Text("interpolation") ?? "nearest") switch
            {
                "nearest" => call.Net.UpsampleNearest(call.Name, call.Map, size.Height, size.Width),
                "bilinear" => call.Net.UpsampleBilinear(call.Name, call.Map, size.Height, size.Width),
                string other => throw Unsupported("interpolation", other),
            });
        },
        ["Rescaling"] = call => Scale(
            call, ToWeight(call.Settings.Numbers("scale") ?? [1]), call.Settings.Numbers("offset") is { } offset ? ToWeight(offset) : null),
        ["Normalization"] = MakeNormalization,
    };

    /// <summary>What a layer does to each value, where that is to scale and to shift it; null for another layer.</summary>
    public static Affine? AffineOf(KerasLayerCall call)
    {
        string function = call.Settings.Text("function") ?? call.Layer.Class;
        double? number = call.Operands is [{ Value: not null }, { Value: null, Numbers: { Length: > 0 } numbers }] ? Largest(numbers) : null;
        return (call.Layer.Class, function, number) switch
        {
            ("Rescaling", _, _) => new(Largest(call.Settings.Numbers("scale") ?? [1]), Largest(call.Settings.Numbers("offset") ?? [0])),
            ("Normalization", _, _) => AffineOfNormalization(call),
            (_, "math.truediv" or "math.divide" or "TrueDivide" or "Divide", { } divisor) => new(1 / divisor, 0),
            (_, "math.multiply" or "Multiply", { } factor) => new(factor, 0),
            (_, "math.subtract" or "Subtract", { } less) => new(1, -less),
            (_, "math.add" or "__operators__.add" or "nn.bias_add" or "Add", { } more) => new(1, more),
            _ => null,
        };
    }

    private static Affine? AffineOfNormalization(KerasLayerCall call)
    {
        double? mean = call.Settings.Numbers("mean") is { } means ? Largest(means) : Largest(call.Weights, 0);
        double? variance = call.Settings.Numbers("variance") is { } variances ? Largest(variances) : Largest(call.Weights, 1);
        return mean is { } shift && variance is { } square && square > 0
            ? new Affine(1 / Math.Sqrt(square), -shift / Math.Sqrt(square))
            : null;
    }

    private static double? Largest(IReadOnlyList<Weight> weights, int index)
    {
        if (index >= weights.Count)
        {
            return null;
        }

        using Tensor values = weights[index].Read();
        return Largest([.. values.ToFloats().Select(value => (double)value)]);
    }

    private static double Largest(double[] values) => values.MaxBy(Math.Abs);

    // One number for all sides, two for rows and columns, or four for top, bottom, left and right.
    private static Padding Around(KerasLayerCall call, string setting, long all) => (call.Settings.Wholes(setting) ?? [all]) switch
    {
        { } sides when sides.Any(side => side is < 0 or > 1 << 16) => throw Unsupported(setting, string.Join(',', sides)),
        [var both] => new Padding(both, both, both, both),
        [var rows, var columns] => new Padding(rows, columns, rows, columns),
        [var top, var bottom, var left, var right] => new Padding(top, left, bottom, right),
        var sides => throw Unsupported(setting, string.Join(',', sides)),
    };

    // (x − mean) / max(√variance, 1e-7), channel by channel.
    private static KerasValue MakeNormalization(KerasLayerCall call)
    {
        if (call.Settings.Flag("invert", false))
        {
            throw Unsupported("invert", true);
        }

        ThrowUnlessChannelsOrNone(call);
        Weight mean = call.Settings.Numbers("mean") is { } means ? ToWeight(means) : call.NextWeight("mean", null);
        Weight variance = call.Settings.Numbers("variance") is { } variances ? ToWeight(variances) : call.NextWeight("variance", null);
        Weight gain = variance.Map(values => values.sqrt().ClampMin(1e-7).reciprocal());
        Weight offset = new(mean.Shape, () => -mean.Read() * gain.Read());
        return Scale(call, gain, offset);
    }

    private static void ThrowUnlessChannelsOrNone(KerasLayerCall call)
    {
        if (call.Settings.Find("axis") is not null)
        {
            ThrowUnlessChannels(call, "axis");
        }
    }

    private static KerasValue Scale(KerasLayerCall call, Weight scale, Weight? offset)
    {
        Value scaled = call.Net.Add(offset is null ? call.Name : $"{call.Name}/scale", "Mul", [call.Input.Value, PerChannel(call, scale)]);
        Value output = offset is null ? scaled : call.Net.Add(call.Name, "Add", [scaled, PerChannel(call, offset)]);
        return call.Input with { Value = output };
    }

    private static Weight PerChannel(KerasLayerCall call, Weight values)
    {
        long count = values.Shape.Aggregate(1L, (product, size) => product * size);
        return call.Input.Rank == KerasRank.Map
            ? values.Reshape(count, 1, 1)
            : values.Reshape(count).ToOurRows(count == 1 ? null : call.Input.MapChannels);
    }

    private static Weight ToWeight(double[] values) => values.Select(value => (float)value).ToArray();
}
