using CnnViz.Kernels;

namespace CnnViz.Networks.Operators;

/// <summary>What picks and moves values of N×C×H×W, as kernels.</summary>
internal static class PlaceKernels
{
    /// <summary>Picks places along one dimension.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="value">Maps.</param>
    /// <param name="axis">1 for channels, 2 for rows, 3 for columns.</param>
    /// <param name="places">For each place of the result that of the value; −1 for zeros.</param>
    /// <returns>The result; null where there is none.</returns>
    public static KernelValue? Pick(KernelPlanBuilder plan, KernelValue value, int axis, int[] places)
    {
        if (value.Map is not { } map || places.Length == 0 || (value.Form != MapForm.ChannelsFirst && !(value.IsVector && axis == 1)))
        {
            return null;
        }

        MapShape shape = map.Shape;
        int length = axis switch { 1 => shape.Channels, 2 => shape.Height, 3 => shape.Width, _ => 0 };
        if (length == 0 || Array.Exists(places, place => place >= length))
        {
            return null;
        }

        if (places.AsSpan().SequenceEqual([.. Enumerable.Range(0, length)]))
        {
            return value;
        }

        bool isRun = places[0] >= 0 && places.AsSpan().SequenceEqual([.. Enumerable.Range(places[0], places.Length)]);
        return value with
        {
            Map = axis switch
            {
                1 when isRun => plan.Take(map, places[0], places.Length),
                1 => plan.Add(Kernel.ChannelGather(places, shape), map),
                2 => plan.Add(Kernel.Resample(AxisWeights.Pick(length, places), Same(shape.Width), shape), map),
                _ => plan.Add(Kernel.Resample(Same(shape.Height), AxisWeights.Pick(length, places), shape), map),
            },
        };
    }

    /// <summary>Picks places along several dimensions, one after the other.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="value">Maps.</param>
    /// <param name="picks">For each dimension of the graph's the places; null for all as they are.</param>
    /// <returns>The result; null where there is none.</returns>
    public static KernelValue? Pick(KernelPlanBuilder plan, KernelValue value, IReadOnlyList<int[]?> picks)
    {
        KernelValue? result = value;
        for (int axis = 0; axis < picks.Count && result is not null; axis++)
        {
            result = picks[axis] is not { } places ? result : axis == 0 ? null : Pick(plan, result.Value, axis, places);
        }

        return result;
    }

    private static AxisWeights Same(int length) => AxisWeights.Pick(length, Enumerable.Range(0, length));
}
