using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Models.Kernels;

/// <summary>Sixteen values at once, or what is left of a pixel's channels.</summary>
internal static unsafe class Lanes
{
    public const int Count = 16;

    /// <summary>Reads values; those beyond the count are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source, int count) => count >= Count ? Vector512.Load(source) : LoadPart(source, count);

    /// <summary>Writes as many values as there are.</summary>
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

    /// <summary>Writes a gradient, or adds to the one that is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, float* target, int count, bool accumulate) =>
        Store(accumulate ? values + Load(target, count) : values, target, count);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<float> LoadPart(float* source, int count)
    {
        float* part = stackalloc float[Count];
        for (int i = 0; i < Count; i++)
        {
            part[i] = i < count ? source[i] : 0;
        }

        return Vector512.Load(part);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
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
