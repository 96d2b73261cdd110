using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>
/// Sixteen values at once, or what is left of a pixel's channels. They are always read all, as there is memory behind every map; what lies
/// beyond the channels must not be written.
/// </summary>
public static unsafe class Lanes
{
    /// <summary>Values of a vector.</summary>
    public const int Count = 16;

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
