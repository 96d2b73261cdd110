using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CnnViz.Kernels;

namespace CnnViz.Ascent;

/// <summary>The logistic function, 1 / (1 + e⁻ˣ), and its gradient. A value does not depend on where among others it stands.</summary>
internal static unsafe class Sigmoid
{
    /// <summary>Replaces values by what the function makes of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(float* values, int count)
    {
        int i = 0;
        for (; i + Lanes.Count <= count; i += Lanes.Count)
        {
            VectorMath.Sigmoid(Vector512.Load(values + i)).Store(values + i);
        }

        if (i < count)
        {
            ApplyPart(values + i, count - i);
        }
    }

    /// <summary>The gradient before the function from that behind it.</summary>
    /// <param name="results">What the function gave.</param>
    /// <param name="gradient">The gradient of the results.</param>
    /// <param name="target">The gradient of the values.</param>
    /// <param name="count">Number of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pass(float* results, float* gradient, float* target, int count)
    {
        int i = 0;
        for (; i + Lanes.Count <= count; i += Lanes.Count)
        {
            Vector512<float> result = Vector512.Load(results + i);
            (Vector512.Load(gradient + i) * result * (Vector512<float>.One - result)).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = gradient[i] * results[i] * (1 - results[i]);
        }
    }

    // Sixteen values like all others, so that the last ones of a row get the same bits.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ApplyPart(float* values, int count)
    {
        float* part = stackalloc float[Lanes.Count];
        new ReadOnlySpan<float>(values, count).CopyTo(new Span<float>(part, Lanes.Count));
        Lanes.Store(VectorMath.Sigmoid(Vector512.Load(part)), values, count);
    }
}
