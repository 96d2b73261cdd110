using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace CnnViz.Kernels;

/// <summary>
/// Sixteen values at once, or what is left of a pixel's channels. They are always read all, as there is memory behind every map; what lies
/// beyond the channels must not be written.
/// </summary>
public static unsafe class Lanes
{
    /// <summary>Values of a vector.</summary>
    public const int Count = 16;

    private static readonly Vector512<int> s_numbers = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    /// <summary>The next multiple of that number.</summary>
    /// <param name="channels">Number of channels.</param>
    public static int Fill(int channels) => (channels + Count - 1) / Count * Count;

    /// <summary>Writes as many values as there are.</summary>
    /// <param name="values">The values.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="count">How many there are; of 16 and more, all are written.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, float* target, int count)
    {
        if (count >= Count)
        {
            values.Store(target);
        }
        else
        {
            StorePart(values, target, count);
        }
    }

    /// <summary>a · b + c, rounded once where the processor can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Avx512F.IsSupported
        ? Avx512F.FusedMultiplyAdd(a, b, c)
        : Vector512.Create(
            MultiplyAdd(a.GetLower(), b.GetLower(), c.GetLower()), MultiplyAdd(a.GetUpper(), b.GetUpper(), c.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Fma.IsSupported
        ? Fma.MultiplyAdd(a, b, c)
        : Vector256.Create(
            MultiplyAdd(a.GetLower(), b.GetLower(), c.GetLower()), MultiplyAdd(a.GetUpper(), b.GetUpper(), c.GetUpper()));

    /// <inheritdoc cref="MultiplyAdd(Vector512{float}, Vector512{float}, Vector512{float})" />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        AdvSimd.IsSupported ? AdvSimd.FusedMultiplyAdd(c, a, b)
        : Fma.IsSupported ? Fma.MultiplyAdd(a, b, c)
        : a * b + c;

    /// <summary>The values of as many channels as there are, and zeros.</summary>
    /// <param name="values">The values.</param>
    /// <param name="count">How many there are; of 16 and more, all.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Keep(Vector512<float> values, int count) => count >= Count
        ? values
        : values & Vector512.LessThan(s_numbers, Vector512.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static void StorePart(Vector512<float> values, float* target, int count)
    {
        float* part = stackalloc float[Count];
        values.Store(part);
        for (int i = 0; i < count; i++)
        {
            target[i] = part[i];
        }
    }
}
