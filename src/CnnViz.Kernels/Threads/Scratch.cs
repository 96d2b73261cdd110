using System.Runtime.CompilerServices;

namespace CnnViz.Kernels;

/// <summary>Memory of each thread for what it needs no longer than one kernel takes.</summary>
internal static unsafe class Scratch
{
    // What a cache line holds.
    private const int Alignment = 64;

    // Pinned, so that its address stays.
    [ThreadStatic]
    private static float[]? s_values;

    /// <summary>Memory for so many values, which hold anything. What was given out before is the same memory.</summary>
    public static float* Get(long values)
    {
        if (s_values is null || s_values.LongLength < values + Alignment / sizeof(float))
        {
            s_values = GC.AllocateUninitializedArray<float>(checked((int)(values + Alignment / sizeof(float))), pinned: true);
        }

        return (float*)(((nint)Unsafe.AsPointer(ref s_values[0]) + Alignment - 1) & ~(nint)(Alignment - 1));
    }
}
