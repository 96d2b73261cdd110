using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>F(4×4, 3×3): 36 products instead of 144.</summary>
internal sealed unsafe class Winograd4x4() : WinogradTransform(4)
{
    private const int Tile = 6;

    protected override float[] Weights { get; } =
    [
        1f / 4, 0, 0,
        -1f / 6, -1f / 6, -1f / 6,
        -1f / 6, 1f / 6, -1f / 6,
        1f / 24, 1f / 12, 1f / 6,
        1f / 24, -1f / 12, 1f / 6,
        0, 0, 1,
    ];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public override void TransformInput(float* source, nint rowStride, nint pixelStride, float* target, nint pointStride)
    {
        Vector512<float>* half = stackalloc Vector512<float>[Tile * Tile];
        for (int column = 0; column < Tile; column++, source += pixelStride)
        {
            float* place = source;
            Vector512<float> d0 = Vector512.Load(place);
            Vector512<float> d1 = Vector512.Load(place += rowStride);
            Vector512<float> d2 = Vector512.Load(place += rowStride);
            Vector512<float> d3 = Vector512.Load(place += rowStride);
            Vector512<float> d4 = Vector512.Load(place += rowStride);
            Vector512<float> d5 = Vector512.Load(place + rowStride);
            Vector512<float> even = d4 - d2 * 4;
            Vector512<float> odd = d3 - d1 * 4;
            Vector512<float> near = d4 - d2;
            Vector512<float> far = (d3 - d1) * 2;
            half[column] = d0 * 4 - d2 * 5 + d4;
            half[Tile + column] = even + odd;
            half[2 * Tile + column] = even - odd;
            half[3 * Tile + column] = near + far;
            half[4 * Tile + column] = near - far;
            half[5 * Tile + column] = d1 * 4 - d3 * 5 + d5;
        }

        for (int row = 0; row < Tile; row++, half += Tile)
        {
            Vector512<float> d1 = half[1];
            Vector512<float> d2 = half[2];
            Vector512<float> d3 = half[3];
            Vector512<float> d4 = half[4];
            Vector512<float> even = d4 - d2 * 4;
            Vector512<float> odd = d3 - d1 * 4;
            Vector512<float> near = d4 - d2;
            Vector512<float> far = (d3 - d1) * 2;
            (half[0] * 4 - d2 * 5 + d4).Store(target);
            (even + odd).Store(target += pointStride);
            (even - odd).Store(target += pointStride);
            (near + far).Store(target += pointStride);
            (near - far).Store(target += pointStride);
            (d1 * 4 - d3 * 5 + half[5]).Store(target += pointStride);
            target += pointStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public override void TransformOutput(float* source, nint pointStride, Vector512<float>* target)
    {
        Vector512<float>* half = stackalloc Vector512<float>[4 * Tile];
        nint rowStride = Tile * pointStride;
        for (int column = 0; column < Tile; column++, source += pointStride)
        {
            float* place = source;
            Vector512<float> m0 = Vector512.Load(place);
            Vector512<float> m1 = Vector512.Load(place += rowStride);
            Vector512<float> m2 = Vector512.Load(place += rowStride);
            Vector512<float> m3 = Vector512.Load(place += rowStride);
            Vector512<float> m4 = Vector512.Load(place += rowStride);
            Vector512<float> m5 = Vector512.Load(place + rowStride);
            (Vector512<float> sum, Vector512<float> difference) = (m1 + m2, m1 - m2);
            (Vector512<float> farSum, Vector512<float> farDifference) = (m3 + m4, m3 - m4);
            half[column] = m0 + sum + farSum;
            half[Tile + column] = difference + farDifference * 2;
            half[2 * Tile + column] = sum + farSum * 4;
            half[3 * Tile + column] = difference + farDifference * 8 + m5;
        }

        for (int row = 0; row < 4; row++, half += Tile)
        {
            (Vector512<float> sum, Vector512<float> difference) = (half[1] + half[2], half[1] - half[2]);
            (Vector512<float> farSum, Vector512<float> farDifference) = (half[3] + half[4], half[3] - half[4]);
            *target++ = half[0] + sum + farSum;
            *target++ = difference + farDifference * 2;
            *target++ = sum + farSum * 4;
            *target++ = difference + farDifference * 8 + half[5];
        }
    }
}
