using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CnnViz.Kernels;

namespace CnnViz.Ascent;

/// <summary>Three planes of colours through a 3×3 matrix, row by row.</summary>
internal static unsafe class ColorMatrix
{
    private const int Channels = 3;

    /// <summary>The transposed matrix: the way of the gradient.</summary>
    public static float[] Turn(float[] matrix) =>
        [.. Enumerable.Range(0, Channels * Channels).Select(i => matrix[i % Channels * Channels + i / Channels])];

    /// <summary>Mixes the three values of each pixel.</summary>
    /// <param name="source">Pixels of the first plane; those of the other two lie a plane further on each.</param>
    /// <param name="target">Likewise; may be the source.</param>
    /// <param name="plane">Number of a plane's values.</param>
    /// <param name="pixels">Number of pixels to mix.</param>
    /// <param name="matrix">The matrix.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(float* source, float* target, int plane, int pixels, float[] matrix)
    {
        int pixel = 0;
        for (; pixel + Lanes.Count <= pixels; pixel += Lanes.Count)
        {
            Vector512<float> first = Vector512.Load(source + pixel);
            Vector512<float> second = Vector512.Load(source + plane + pixel);
            Vector512<float> third = Vector512.Load(source + 2 * plane + pixel);
            for (int channel = 0; channel < Channels; channel++)
            {
                Vector512<float> mixed = first * Vector512.Create(matrix[Channels * channel])
                    + second * Vector512.Create(matrix[Channels * channel + 1]) + third * Vector512.Create(matrix[Channels * channel + 2]);
                mixed.Store(target + channel * plane + pixel);
            }
        }

        for (; pixel < pixels; pixel++)
        {
            (float first, float second, float third) = (source[pixel], source[plane + pixel], source[2 * plane + pixel]);
            for (int channel = 0; channel < Channels; channel++)
            {
                target[channel * plane + pixel] = first * matrix[Channels * channel]
                    + second * matrix[Channels * channel + 1] + third * matrix[Channels * channel + 2];
            }
        }
    }
}
