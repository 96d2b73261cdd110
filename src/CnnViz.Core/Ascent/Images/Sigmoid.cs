using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CnnViz.Kernels;

namespace CnnViz.Ascent;

/// <summary>The logistic function, 1 / (1 + e⁻ˣ), and its gradient. A value does not depend on where among others it stands.</summary>
internal static unsafe class Sigmoid
{
    // Beyond, e to the power, or one divided by it, has fewer digits than other numbers and takes longer.
    private const float Limit = 87;

    // The natural logarithm of two in two parts: whole multiples of the first are exact.
    private const float Log2 = 0.693359375f;
    private const float RestOfLog2 = -2.12194440e-4f;
    private const float InverseLog2 = 1.44269504f;

    private const int ExponentBias = 127;
    private const int MantissaBits = 23;

    /// <summary>Replaces values by what the function makes of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(float* values, int count)
    {
        int i = 0;
        for (; i + Lanes.Count <= count; i += Lanes.Count)
        {
            Of(Vector512.Load(values + i)).Store(values + i);
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
        Lanes.Store(Of(Vector512.Load(part)), values, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Of(Vector512<float> values) =>
        Vector512<float>.One / (Vector512<float>.One + Exp(Vector512<float>.Zero - values));

    // 2ⁿ·eʳ with |r| ≤ ½ log 2, where a polynomial does (Moshier's Cephes library, expf). What is no number stays none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Exp(Vector512<float> x)
    {
        Vector512<float> smallest = Vector512.Create(-Limit);
        Vector512<float> largest = Vector512.Create(Limit);
        x = Vector512.ConditionalSelect(Vector512.LessThan(x, smallest), smallest, x);
        x = Vector512.ConditionalSelect(Vector512.GreaterThan(x, largest), largest, x);
        Vector512<float> n = Vector512.Floor(x * InverseLog2 + Vector512.Create(0.5f));
        Vector512<float> r = x - n * Log2 - n * RestOfLog2;
        Vector512<float> sum = r * 1.9875691500e-4f + Vector512.Create(1.3981999507e-3f);
        sum = sum * r + Vector512.Create(8.3334519073e-3f);
        sum = sum * r + Vector512.Create(4.1665795894e-2f);
        sum = sum * r + Vector512.Create(1.6666665459e-1f);
        sum = sum * r + Vector512.Create(5.0000001201e-1f);
        sum = sum * (r * r) + r + Vector512<float>.One;
        Vector512<int> exponent = Vector512.ConvertToInt32(n) + Vector512.Create(ExponentBias);
        return sum * Vector512.ShiftLeft(exponent, MantissaBits).AsSingle();
    }
}
