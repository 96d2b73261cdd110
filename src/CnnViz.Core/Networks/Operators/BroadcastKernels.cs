using CnnViz.Kernels;
using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>Sums, differences, products and quotients as kernels: of maps, of maps and gates, of maps and constants.</summary>
internal static class BroadcastKernels
{
    /// <summary>Adds them to a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="kind">Add, Sub, Mul or Div.</param>
    /// <param name="inputs">The operands.</param>
    /// <returns>The result; null where there are none for it.</returns>
    public static KernelValue? Add(KernelPlanBuilder plan, string kind, KernelValue[] inputs)
    {
        if (Array.TrueForAll(inputs, input => input.Map is not null))
        {
            return OfMaps(plan, kind, inputs);
        }

        return inputs switch
        {
            [{ Map: not null } value, { Constant: { } constant }] when Numbers(constant, value) is { } numbers =>
                Affine(plan, value, kind switch
                {
                    "Add" => (_ => 1, c => c),
                    "Sub" => (_ => 1, c => -c),
                    "Mul" => (c => c, _ => 0),
                    "Div" => (c => 1 / c, _ => 0),
                    _ => null,
                }, numbers),
            [{ Constant: { } constant }, { Map: not null } value] when Numbers(constant, value) is { } numbers =>
                Affine(plan, value, kind switch
                {
                    "Add" => (_ => 1, c => c),
                    "Sub" => (_ => -1, c => c),
                    "Mul" => (c => c, _ => 0),
                    _ => null,
                }, numbers),
            _ => null,
        };
    }

    private static KernelValue? OfMaps(KernelPlanBuilder plan, string kind, KernelValue[] inputs)
    {
        KernelValue first = inputs[0];
        MapValue[] maps = [.. inputs.Select(input => input.Map!)];
        if (Array.TrueForAll(inputs, input => input.Shape == first.Shape && input.Form == first.Form))
        {
            return kind switch
            {
                "Add" => first with { Map = plan.Add(Kernel.Sum(first.Shape), maps) },
                "Sub" when maps.Length == 2 => first with { Map = plan.Add(Kernel.Sum(first.Shape), maps[0], Negate(plan, maps[1])) },
                "Mul" => first with { Map = maps[1..].Aggregate(maps[0], (a, b) => plan.Add(Kernel.Product(first.Shape), a, b)) },
                _ => null,
            };
        }

        return !Array.TrueForAll(inputs, input => input.IsMaps) ? null
            : kind == "Mul" && inputs is [var a, var b] && IsGate(b, a) ? Gate(plan, a, b)
            : kind == "Mul" && inputs is [var c, var d] && IsGate(c, d) ? Gate(plan, d, c)
            : Common(inputs) is { } shape ? OfMaps(plan, kind, [.. inputs.Select(input => Spread(plan, input, shape))])
            : null;
    }

    private static KernelValue Gate(KernelPlanBuilder plan, KernelValue value, KernelValue gate) =>
        value with { Map = plan.Add(Kernel.Product(value.Shape, isGate: true), value.Map!, gate.Map!) };

    // What all of them can be spread to; null for nothing.
    private static MapShape? Common(KernelValue[] inputs)
    {
        var common = new MapShape(
            inputs.Max(input => input.Shape.Channels), inputs.Max(input => input.Shape.Height), inputs.Max(input => input.Shape.Width));
        return Array.TrueForAll(inputs, input => Fits(input.Shape.Channels, common.Channels)
            && Fits(input.Shape.Height, common.Height) && Fits(input.Shape.Width, common.Width)) ? common : null;

        static bool Fits(int own, int wanted) => own == wanted || own == 1;
    }

    // The one channel, row or column as often as it is needed.
    private static KernelValue Spread(KernelPlanBuilder plan, KernelValue value, MapShape shape)
    {
        (int channels, int height, int width) = (value.Shape.Channels, value.Shape.Height, value.Shape.Width);
        int[]?[] picks =
        [
            null,
            channels == shape.Channels ? null : new int[shape.Channels],
            height == shape.Height ? null : new int[shape.Height],
            width == shape.Width ? null : new int[shape.Width],
        ];
        return PlaceKernels.Pick(plan, value, picks)!.Value;
    }

    private static bool IsGate(KernelValue gate, KernelValue value) => gate.Shape == new MapShape(value.Shape.Channels, 1, 1);

    private static float[]? Numbers(torch.Tensor constant, KernelValue value) =>
        ChannelConstant.Of(constant, value.Shape, value.Form);

    private static KernelValue? Affine(
        KernelPlanBuilder plan, KernelValue value, (Func<float, float> Gain, Func<float, float> Offset)? function, float[] numbers) =>
        function is { } of
            ? value with
            {
                Map = plan.Add(
                    Kernel.ChannelAffine([.. numbers.Select(of.Gain)], [.. numbers.Select(of.Offset)], value.Shape), value.Map!),
            }
            : null;

    private static MapValue Negate(KernelPlanBuilder plan, MapValue map)
    {
        int channels = map.Shape.Channels;
        return plan.Add(Kernel.ChannelAffine([.. Enumerable.Repeat(-1f, channels)], new float[channels], map.Shape), map);
    }
}
