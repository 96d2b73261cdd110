using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnViz.Models.Kernels;

/// <summary>Products of six rows with sixteen outputs, in AVX2: twelve sums of eight in the sixteen registers.</summary>
/// <remarks>Each method: x, the rows' addresses; taps, what is added to them at each place of the window; depth, inputs at each place; weights, a panel;
/// tile, the sums of each row, 16 values from one to the next. Written out, as only so all of them stay in registers.</remarks>
internal static unsafe class Avx2Product
{
    /// <summary>Rows that are worked on at once.</summary>
    public const int Rows = 6;

    /// <summary>The most vectors of sixteen outputs that are worked on at once.</summary>
    public const int Vectors = 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply1(float** x, nint* taps, int count, int depth, float* weights, float* tile)
    {
        Vector256<float> s00 = Vector256<float>.Zero, s01 = Vector256<float>.Zero;
        Vector256<float> s10 = Vector256<float>.Zero, s11 = Vector256<float>.Zero;
        Vector256<float> s20 = Vector256<float>.Zero, s21 = Vector256<float>.Zero;
        Vector256<float> s30 = Vector256<float>.Zero, s31 = Vector256<float>.Zero;
        Vector256<float> s40 = Vector256<float>.Zero, s41 = Vector256<float>.Zero;
        Vector256<float> s50 = Vector256<float>.Zero, s51 = Vector256<float>.Zero;
        for (int tap = 0; tap < count; tap++)
        {
            nint at = taps[tap];
            float* x0 = (float*)((nint)x[0] + at);
            float* x1 = (float*)((nint)x[1] + at);
            float* x2 = (float*)((nint)x[2] + at);
            float* x3 = (float*)((nint)x[3] + at);
            float* x4 = (float*)((nint)x[4] + at);
            float* x5 = (float*)((nint)x[5] + at);
            for (nint i = 0; i < depth; i++)
            {
                Vector256<float> w0 = Vector256.Load(weights);
                Vector256<float> w1 = Vector256.Load(weights + 8);
                weights += 16;
                var value = Vector256.Create(x0[i]);
                s00 = Fma.MultiplyAdd(value, w0, s00);
                s01 = Fma.MultiplyAdd(value, w1, s01);
                value = Vector256.Create(x1[i]);
                s10 = Fma.MultiplyAdd(value, w0, s10);
                s11 = Fma.MultiplyAdd(value, w1, s11);
                value = Vector256.Create(x2[i]);
                s20 = Fma.MultiplyAdd(value, w0, s20);
                s21 = Fma.MultiplyAdd(value, w1, s21);
                value = Vector256.Create(x3[i]);
                s30 = Fma.MultiplyAdd(value, w0, s30);
                s31 = Fma.MultiplyAdd(value, w1, s31);
                value = Vector256.Create(x4[i]);
                s40 = Fma.MultiplyAdd(value, w0, s40);
                s41 = Fma.MultiplyAdd(value, w1, s41);
                value = Vector256.Create(x5[i]);
                s50 = Fma.MultiplyAdd(value, w0, s50);
                s51 = Fma.MultiplyAdd(value, w1, s51);
            }
        }

        s00.Store(tile);
        s01.Store(tile + 8);
        s10.Store(tile + 16);
        s11.Store(tile + 24);
        s20.Store(tile + 32);
        s21.Store(tile + 40);
        s30.Store(tile + 48);
        s31.Store(tile + 56);
        s40.Store(tile + 64);
        s41.Store(tile + 72);
        s50.Store(tile + 80);
        s51.Store(tile + 88);
    }
}
