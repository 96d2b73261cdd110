using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>F(2×2, 3×3): 16 products instead of 36.</summary>
internal sealed unsafe class Winograd2x2() : WinogradTransform(2)
{
    private const int Tile = 4;

    protected override float[] Weights { get; } = [1, 0, 0, 0.5f, 0.5f, 0.5f, 0.5f, -0.5f, 0.5f, 0, 0, 1];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public override void TransformInput(float* source, nint rowStride, nint pixelStride, float* target, nint pointStride)
    {
        Vector512<float>* half = stackalloc Vector512<float>[Tile * Tile];
        for (int column = 0; column < Tile; column++, source += pixelStride)
        {
            Vector512<float> d0 = Vector512.Load(source);
            Vector512<float> d1 = Vector512.Load(source + rowStride);
            Vector512<float> d2 = Vector512.Load(source + 2 * rowStride);
            Vector512<float> d3 = Vector512.Load(source + 3 * rowStride);
            half[column] = d0 - d2;
            half[Tile + column] = d1 + d2;
            half[2 * Tile + column] = d2 - d1;
            half[3 * Tile + column] = d1 - d3;
        }

        for (int row = 0; row < Tile; row++, half += Tile)
        {
            (half[0] - half[2]).Store(target);
            (half[1] + half[2]).Store(target + pointStride);
            (half[2] - half[1]).Store(target + 2 * pointStride);
            (half[1] - half[3]).Store(target + 3 * pointStride);
            target += Tile * pointStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public override void TransformOutput(float* source, nint pointStride, Vector512<float>* target)
    {
        Vector512<float>* half = stackalloc Vector512<float>[2 * Tile];
        for (int column = 0; column < Tile; column++, source += pointStride)
        {
            Vector512<float> m1 = Vector512.Load(source + Tile * pointStride);
            Vector512<float> m2 = Vector512.Load(source + 2 * Tile * pointStride);
            half[column] = Vector512.Load(source) + m1 + m2;
            half[Tile + column] = m1 - m2 - Vector512.Load(source + 3 * Tile * pointStride);
        }

        for (int row = 0; row < 2; row++, half += Tile)
        {
            *target++ = half[0] + half[1] + half[2];
            *target++ = half[1] - half[2] - half[3];
        }
    }
}
