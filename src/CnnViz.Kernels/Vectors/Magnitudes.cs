using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>
/// Sums over values without their signs. .NET's TensorPrimitives have them too, but their code is compiled so late that a first picture waits for
/// it.
/// </summary>
public static unsafe class Magnitudes
{
    /// <summary>The largest; no number if a value is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Largest(ReadOnlySpan<float> values)
    {
        fixed (float* first = values)
        {
            Vector512<float> largest = Vector512<float>.Zero;
            Vector512<float> isNumber = Vector512<float>.AllBitsSet;
            int i = 0;
            for (; i + Lanes.Count <= values.Length; i += Lanes.Count)
            {
                Vector512<float> value = Vector512.Abs(Vector512.Load(first + i));
                largest = Vector512.ConditionalSelect(Vector512.GreaterThan(value, largest), value, largest);
                isNumber &= Vector512.Equals(value, value);
            }

            float result = isNumber.AsInt32() == Vector512<int>.AllBitsSet ? 0 : float.NaN;
            for (int lane = 0; lane < Lanes.Count; lane++)
            {
                result = MathF.Max(result, largest.GetElement(lane));
            }

            for (; i < values.Length; i++)
            {
                result = MathF.Max(result, MathF.Abs(first[i]));
            }

            return result;
        }
    }

    /// <summary>The sum of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum(ReadOnlySpan<float> values)
    {
        fixed (float* first = values)
        {
            Vector512<float> sums = Vector512<float>.Zero;
            int i = 0;
            for (; i + Lanes.Count <= values.Length; i += Lanes.Count)
            {
                sums += Vector512.Abs(Vector512.Load(first + i));
            }

            float sum = Vector512.Sum(sums);
            for (; i < values.Length; i++)
            {
                sum += MathF.Abs(first[i]);
            }

            return sum;
        }
    }

    /// <summary>The sum of their squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float SumOfSquares(ReadOnlySpan<float> values)
    {
        fixed (float* first = values)
        {
            Vector512<float> sums = Vector512<float>.Zero;
            int i = 0;
            for (; i + Lanes.Count <= values.Length; i += Lanes.Count)
            {
                Vector512<float> value = Vector512.Load(first + i);
                sums += value * value;
            }

            float sum = Vector512.Sum(sums);
            for (; i < values.Length; i++)
            {
                sum += first[i] * first[i];
            }

            return sum;
        }
    }

    /// <summary>Adds them, times a factor, to others.</summary>
    /// <param name="values">At least as many values as there are sums.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="sums">What they are added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> values, float factor, Span<float> sums)
    {
        if (values.Length < sums.Length)
        {
            throw new ArgumentException($"There are {values.Length} values for {sums.Length} sums.", nameof(values));
        }

        fixed (float* first = values)
        fixed (float* target = sums)
        {
            int i = 0;
            for (; i + Lanes.Count <= sums.Length; i += Lanes.Count)
            {
                Vector512<float> sum = Vector512.Load(target + i) + Vector512.Abs(Vector512.Load(first + i)) * Vector512.Create(factor);
                sum.Store(target + i);
            }

            for (; i < sums.Length; i++)
            {
                target[i] += MathF.Abs(first[i]) * factor;
            }
        }
    }
}
