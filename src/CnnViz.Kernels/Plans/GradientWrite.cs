using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>How the gradient of a value is written.</summary>
/// <param name="accumulate">Whether to add to what is there.</param>
/// <param name="range">What the value was cut off to, if this is the last that is added; null for nothing, or nothing yet.</param>
/// <param name="distance">Where the values lie, counted from their gradients.</param>
internal readonly unsafe struct GradientWrite(bool accumulate, ValueRange? range = null, nint distance = 0)
{
    public bool Accumulate { get; } = accumulate;

    public ValueRange? Range { get; } = range;

    public nint Distance { get; } = distance;

    /// <summary>Writes gradients of as many values as there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Vector512<float> gradients, float* target, int count)
    {
        gradients = Accumulate ? gradients + Vector512.Load(target) : gradients;
        gradients = Range is { } ends ? ends.Pass(gradients, Vector512.Load(target + Distance)) : gradients;
        Lanes.Store(gradients, target, count);
    }
}
