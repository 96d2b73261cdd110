using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnViz.Models.Kernels;

/// <summary>Products of eight rows with up to three vectors of sixteen outputs, in AVX-512: 24 sums in the 32 registers.</summary>
/// <remarks>Each method: x, the rows' addresses; taps, what is added to them at each place of the window; depth, inputs at each place; weights, a panel;
/// tile, the sums of each row, 48 values from one to the next. Written out, as only so all of them stay in registers.</remarks>
internal static unsafe class Avx512Product
{
    /// <summary>Rows that are worked on at once.</summary>
    public const int Rows = 8;

    /// <summary>The most vectors of sixteen outputs that are worked on at once.</summary>
    public const int Vectors = 3;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply1(float** x, nint* taps, int count, int depth, float* weights, float* tile)
    {
        Vector512<float> s00 = Vector512<float>.Zero;
        Vector512<float> s10 = Vector512<float>.Zero;
        Vector512<float> s20 = Vector512<float>.Zero;
        Vector512<float> s30 = Vector512<float>.Zero;
        Vector512<float> s40 = Vector512<float>.Zero;
        Vector512<float> s50 = Vector512<float>.Zero;
        Vector512<float> s60 = Vector512<float>.Zero;
        Vector512<float> s70 = Vector512<float>.Zero;
        for (int tap = 0; tap < count; tap++)
        {
            nint at = taps[tap];
            float* x0 = (float*)((nint)x[0] + at);
            float* x1 = (float*)((nint)x[1] + at);
            float* x2 = (float*)((nint)x[2] + at);
            float* x3 = (float*)((nint)x[3] + at);
            float* x4 = (float*)((nint)x[4] + at);
            float* x5 = (float*)((nint)x[5] + at);
            float* x6 = (float*)((nint)x[6] + at);
            float* x7 = (float*)((nint)x[7] + at);
            for (nint i = 0; i < depth; i++)
            {
                Vector512<float> w0 = Vector512.Load(weights);
                weights += 16;
                var value = Vector512.Create(x0[i]);
                s00 = Avx512F.FusedMultiplyAdd(value, w0, s00);
                value = Vector512.Create(x1[i]);
                s10 = Avx512F.FusedMultiplyAdd(value, w0, s10);
                value = Vector512.Create(x2[i]);
                s20 = Avx512F.FusedMultiplyAdd(value, w0, s20);
                value = Vector512.Create(x3[i]);
                s30 = Avx512F.FusedMultiplyAdd(value, w0, s30);
                value = Vector512.Create(x4[i]);
                s40 = Avx512F.FusedMultiplyAdd(value, w0, s40);
                value = Vector512.Create(x5[i]);
                s50 = Avx512F.FusedMultiplyAdd(value, w0, s50);
                value = Vector512.Create(x6[i]);
                s60 = Avx512F.FusedMultiplyAdd(value, w0, s60);
                value = Vector512.Create(x7[i]);
                s70 = Avx512F.FusedMultiplyAdd(value, w0, s70);
            }
        }

        s00.Store(tile);
        s10.Store(tile + 48);
        s20.Store(tile + 96);
        s30.Store(tile + 144);
        s40.Store(tile + 192);
        s50.Store(tile + 240);
        s60.Store(tile + 288);
        s70.Store(tile + 336);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply2(float** x, nint* taps, int count, int depth, float* weights, float* tile)
    {
        Vector512<float> s00 = Vector512<float>.Zero, s01 = Vector512<float>.Zero;
        Vector512<float> s10 = Vector512<float>.Zero, s11 = Vector512<float>.Zero;
        Vector512<float> s20 = Vector512<float>.Zero, s21 = Vector512<float>.Zero;
        Vector512<float> s30 = Vector512<float>.Zero, s31 = Vector512<float>.Zero;
        Vector512<float> s40 = Vector512<float>.Zero, s41 = Vector512<float>.Zero;
        Vector512<float> s50 = Vector512<float>.Zero, s51 = Vector512<float>.Zero;
        Vector512<float> s60 = Vector512<float>.Zero, s61 = Vector512<float>.Zero;
        Vector512<float> s70 = Vector512<float>.Zero, s71 = Vector512<float>.Zero;
        for (int tap = 0; tap < count; tap++)
        {
            nint at = taps[tap];
            float* x0 = (float*)((nint)x[0] + at);
            float* x1 = (float*)((nint)x[1] + at);
            float* x2 = (float*)((nint)x[2] + at);
            float* x3 = (float*)((nint)x[3] + at);
            float* x4 = (float*)((nint)x[4] + at);
            float* x5 = (float*)((nint)x[5] + at);
            float* x6 = (float*)((nint)x[6] + at);
            float* x7 = (float*)((nint)x[7] + at);
            for (nint i = 0; i < depth; i++)
            {
                Vector512<float> w0 = Vector512.Load(weights);
                Vector512<float> w1 = Vector512.Load(weights + 16);
                weights += 32;
                var value = Vector512.Create(x0[i]);
                s00 = Avx512F.FusedMultiplyAdd(value, w0, s00);
                s01 = Avx512F.FusedMultiplyAdd(value, w1, s01);
                value = Vector512.Create(x1[i]);
                s10 = Avx512F.FusedMultiplyAdd(value, w0, s10);
                s11 = Avx512F.FusedMultiplyAdd(value, w1, s11);
                value = Vector512.Create(x2[i]);
                s20 = Avx512F.FusedMultiplyAdd(value, w0, s20);
                s21 = Avx512F.FusedMultiplyAdd(value, w1, s21);
                value = Vector512.Create(x3[i]);
                s30 = Avx512F.FusedMultiplyAdd(value, w0, s30);
                s31 = Avx512F.FusedMultiplyAdd(value, w1, s31);
                value = Vector512.Create(x4[i]);
                s40 = Avx512F.FusedMultiplyAdd(value, w0, s40);
                s41 = Avx512F.FusedMultiplyAdd(value, w1, s41);
                value = Vector512.Create(x5[i]);
                s50 = Avx512F.FusedMultiplyAdd(value, w0, s50);
                s51 = Avx512F.FusedMultiplyAdd(value, w1, s51);
                value = Vector512.Create(x6[i]);
                s60 = Avx512F.FusedMultiplyAdd(value, w0, s60);
                s61 = Avx512F.FusedMultiplyAdd(value, w1, s61);
                value = Vector512.Create(x7[i]);
                s70 = Avx512F.FusedMultiplyAdd(value, w0, s70);
                s71 = Avx512F.FusedMultiplyAdd(value, w1, s71);
            }
        }

        s00.Store(tile);
        s01.Store(tile + 16);
        s10.Store(tile + 48);
        s11.Store(tile + 64);
        s20.Store(tile + 96);
        s21.Store(tile + 112);
        s30.Store(tile + 144);
        s31.Store(tile + 160);
        s40.Store(tile + 192);
        s41.Store(tile + 208);
        s50.Store(tile + 240);
        s51.Store(tile + 256);
        s60.Store(tile + 288);
        s61.Store(tile + 304);
        s70.Store(tile + 336);
        s71.Store(tile + 352);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply3(float** x, nint* taps, int count, int depth, float* weights, float* tile)
    {
        Vector512<float> s00 = Vector512<float>.Zero, s01 = Vector512<float>.Zero, s02 = Vector512<float>.Zero;
        Vector512<float> s10 = Vector512<float>.Zero, s11 = Vector512<float>.Zero, s12 = Vector512<float>.Zero;
        Vector512<float> s20 = Vector512<float>.Zero, s21 = Vector512<float>.Zero, s22 = Vector512<float>.Zero;
        Vector512<float> s30 = Vector512<float>.Zero, s31 = Vector512<float>.Zero, s32 = Vector512<float>.Zero;
        Vector512<float> s40 = Vector512<float>.Zero, s41 = Vector512<float>.Zero, s42 = Vector512<float>.Zero;
        Vector512<float> s50 = Vector512<float>.Zero, s51 = Vector512<float>.Zero, s52 = Vector512<float>.Zero;
        Vector512<float> s60 = Vector512<float>.Zero, s61 = Vector512<float>.Zero, s62 = Vector512<float>.Zero;
        Vector512<float> s70 = Vector512<float>.Zero, s71 = Vector512<float>.Zero, s72 = Vector512<float>.Zero;
        for (int tap = 0; tap < count; tap++)
        {
            nint at = taps[tap];
            float* x0 = (float*)((nint)x[0] + at);
            float* x1 = (float*)((nint)x[1] + at);
            float* x2 = (float*)((nint)x[2] + at);
            float* x3 = (float*)((nint)x[3] + at);
            float* x4 = (float*)((nint)x[4] + at);
            float* x5 = (float*)((nint)x[5] + at);
            float* x6 = (float*)((nint)x[6] + at);
            float* x7 = (float*)((nint)x[7] + at);
            for (nint i = 0; i < depth; i++)
            {
                Vector512<float> w0 = Vector512.Load(weights);
                Vector512<float> w1 = Vector512.Load(weights + 16);
                Vector512<float> w2 = Vector512.Load(weights + 32);
                weights += 48;
                var value = Vector512.Create(x0[i]);
                s00 = Avx512F.FusedMultiplyAdd(value, w0, s00);
                s01 = Avx512F.FusedMultiplyAdd(value, w1, s01);
                s02 = Avx512F.FusedMultiplyAdd(value, w2, s02);
                value = Vector512.Create(x1[i]);
                s10 = Avx512F.FusedMultiplyAdd(value, w0, s10);
                s11 = Avx512F.FusedMultiplyAdd(value, w1, s11);
                s12 = Avx512F.FusedMultiplyAdd(value, w2, s12);
                value = Vector512.Create(x2[i]);
                s20 = Avx512F.FusedMultiplyAdd(value, w0, s20);
                s21 = Avx512F.FusedMultiplyAdd(value, w1, s21);
                s22 = Avx512F.FusedMultiplyAdd(value, w2, s22);
                value = Vector512.Create(x3[i]);
                s30 = Avx512F.FusedMultiplyAdd(value, w0, s30);
                s31 = Avx512F.FusedMultiplyAdd(value, w1, s31);
                s32 = Avx512F.FusedMultiplyAdd(value, w2, s32);
                value = Vector512.Create(x4[i]);
                s40 = Avx512F.FusedMultiplyAdd(value, w0, s40);
                s41 = Avx512F.FusedMultiplyAdd(value, w1, s41);
                s42 = Avx512F.FusedMultiplyAdd(value, w2, s42);
                value = Vector512.Create(x5[i]);
                s50 = Avx512F.FusedMultiplyAdd(value, w0, s50);
                s51 = Avx512F.FusedMultiplyAdd(value, w1, s51);
                s52 = Avx512F.FusedMultiplyAdd(value, w2, s52);
                value = Vector512.Create(x6[i]);
                s60 = Avx512F.FusedMultiplyAdd(value, w0, s60);
                s61 = Avx512F.FusedMultiplyAdd(value, w1, s61);
                s62 = Avx512F.FusedMultiplyAdd(value, w2, s62);
                value = Vector512.Create(x7[i]);
                s70 = Avx512F.FusedMultiplyAdd(value, w0, s70);
                s71 = Avx512F.FusedMultiplyAdd(value, w1, s71);
                s72 = Avx512F.FusedMultiplyAdd(value, w2, s72);
            }
        }

        s00.Store(tile);
        s01.Store(tile + 16);
        s02.Store(tile + 32);
        s10.Store(tile + 48);
        s11.Store(tile + 64);
        s12.Store(tile + 80);
        s20.Store(tile + 96);
        s21.Store(tile + 112);
        s22.Store(tile + 128);
        s30.Store(tile + 144);
        s31.Store(tile + 160);
        s32.Store(tile + 176);
        s40.Store(tile + 192);
        s41.Store(tile + 208);
        s42.Store(tile + 224);
        s50.Store(tile + 240);
        s51.Store(tile + 256);
        s52.Store(tile + 272);
        s60.Store(tile + 288);
        s61.Store(tile + 304);
        s62.Store(tile + 320);
        s70.Store(tile + 336);
        s71.Store(tile + 352);
        s72.Store(tile + 368);
    }
}
