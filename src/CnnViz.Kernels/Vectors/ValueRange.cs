using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>What values are cut off to: from 0 to ∞ for a ReLU.</summary>
/// <param name="Low">The lower end; may be −∞.</param>
/// <param name="High">The upper end; may be ∞.</param>
public readonly record struct ValueRange(float Low, float High)
{
    /// <summary>The values cut off; what is no number stays so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<float> Clamp(Vector512<float> values)
    {
        var low = Vector512.Create(Low);
        var high = Vector512.Create(High);
        values = Vector512.ConditionalSelect(Vector512.LessThan(values, low), low, values);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(values, high), high, values);
    }

    /// <summary>The gradients of values that were not cut off, and zeros.</summary>
    /// <param name="gradients">The gradients.</param>
    /// <param name="values">The values, before or after.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<float> Pass(Vector512<float> gradients, Vector512<float> values) =>
        gradients & Vector512.GreaterThan(values, Vector512.Create(Low)) & Vector512.LessThan(values, Vector512.Create(High));
}
