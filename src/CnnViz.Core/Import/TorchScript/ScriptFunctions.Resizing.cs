namespace CnnViz.Import.TorchScript;

// What makes maps larger or smaller, or pads them.
internal static partial class ScriptFunctions
{
    private static Dictionary<string, Func<ScriptCall, object?>> Resizing() => new()
    {
        ["upsample_nearest2d(input, output_size, scales_h=None, scales_w=None)"] =
            call => Resize(call, ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")),
        ["_upsample_nearest_exact2d(input, output_size, scales_h=None, scales_w=None)"] =
            call => Resize(call, ("mode", "nearest"), ("coordinate_transformation_mode", "half_pixel"), ("nearest_mode", "round_prefer_ceil")),
        ["upsample_bilinear2d(input, output_size, align_corners, scales_h=None, scales_w=None)"] =
            call => Resize(call, ("mode", "linear"), Corners(call)),
        ["upsample_bicubic2d(input, output_size, align_corners, scales_h=None, scales_w=None)"] =
            call => Resize(call, ("mode", "cubic"), Corners(call), ("cubic_coeff_a", -0.75f)),
        ["pad(input, pad, mode=\"constant\", value=None)"] = call => Pad(
            call,
            call["mode"] switch
            {
                "constant" => "constant",
                "reflect" => "reflect",
                "replicate" => "edge",
                "circular" => "wrap",
                _ => throw new NotTranslatedException("pad in a mode that is not known"),
            },
            call["value"] is null ? 0 : call.Number("value")),
        ["constant_pad_nd(input, pad, value=0)"] = call => Pad(call, "constant", call.Number("value")),
        ["reflection_pad2d(input, pad)"] = call => Pad(call, "reflect"),
        ["reflection_pad1d(input, pad)"] = call => Pad(call, "reflect"),
        ["replication_pad2d(input, pad)"] = call => Pad(call, "edge"),
        ["replication_pad1d(input, pad)"] = call => Pad(call, "edge"),
    };

    private static (string, object) Corners(ScriptCall call) =>
        ("coordinate_transformation_mode", call.Bool("align_corners") ? "align_corners" : "half_pixel");

    // Sizes that are whole multiples are factors, so that the network takes images of other sizes too.
    private static ScriptTensor Resize(ScriptCall call, params (string Name, object Value)[] attributes)
    {
        ScriptTensor input = Map(call);
        double[] factors = Factors(call);
        if (factors.Length == 0)
        {
            long[] sizes = call.Longs("output_size");
            bool isWhole = sizes.Length == 2 && sizes[0] % input.Shape[2] == 0 && sizes[1] % input.Shape[3] == 0;
            factors = isWhole ? [sizes[0] / input.Shape[2], sizes[1] / input.Shape[3]] : [];
            if (!isWhole)
            {
                return call.Add("Resize", [input, null, null, new[] { 1, input.Shape[1], sizes[0], sizes[^1] }], attributes);
            }
        }

        return call.Add("Resize", [input, null, new[] { 1, 1, (float)factors[0], (float)factors[^1] }], attributes);
    }

    // One list of two, or two numbers. Where a size is given as well and contradicts them, the size counts.
    private static double[] Factors(ScriptCall call)
    {
        object?[] given = ScriptCall.Items(call["scales_h"]) is { } both ? [.. both] : [call["scales_h"], call["scales_w"]];
        double?[] factors = [.. given.Select(ScriptCall.AsNumber)];
        if (factors.Any(factor => factor is not (> 0 and < 1024)))
        {
            return [];
        }

        ScriptTensor input = Map(call);
        long[] found = [.. factors.Select((factor, i) => (long)MathF.Floor((float)(input.Shape[Math.Min(i + 2, 3)] * factor!.Value)))];
        return call.OptionalLongs("output_size") is { Length: 2 } size && !size.SequenceEqual(found) ? [] : [.. factors.Select(factor => factor!.Value)];
    }

    // The last dimension first, as many as are given.
    private static ScriptTensor Pad(ScriptCall call, string mode, double value = 0)
    {
        ScriptTensor input = call.Tensor("input");
        long[] given = call.Longs("pad");
        if (given.Length % 2 != 0 || given.Length > 2 * input.Rank || (mode != "constant" && given.Any(side => side < 0)))
        {
            throw new NotTranslatedException("pad with sides that are not known");
        }

        var pads = new long[2 * input.Rank];
        for (int i = 0; i < given.Length / 2; i++)
        {
            pads[input.Rank - 1 - i] = given[2 * i];
            pads[2 * input.Rank - 1 - i] = given[2 * i + 1];
        }

        return pads.All(side => side == 0) ? input.Alias()
            : call.Add("Pad", mode == "constant" ? [input, pads, (float)value] : [input, pads], ("mode", mode));
    }
}
