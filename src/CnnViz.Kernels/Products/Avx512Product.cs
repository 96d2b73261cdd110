using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnViz.Kernels;

/// <summary>Products of eight rows with up to three vectors of sixteen outputs, in AVX-512: 24 sums in the 32 registers.</summary>
/// <remarks>Each method: x, the rows' addresses; taps, what is added to them at each place of the window, in bytes; depth, inputs at each place;
/// weights, a panel; target, where the sums go. Written out, as only so all of them stay in registers.</remarks>
internal static unsafe class Avx512Product
{
    /// <summary>Rows that are worked on at once.</summary>
    public const int Rows = 8;

    /// <summary>The most vectors of sixteen outputs that are worked on at once.</summary>
    public const int Vectors = 3;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply1(float** x, nint* taps, int count, int depth, float* weights, ProductTarget* target)
    {
        Vector512<float> b0 = target->Bias is null ? Vector512<float>.Zero : Vector512.Load(target->Bias);
        Vector512<float> s00 = b0;
        Vector512<float> s10 = b0;
        Vector512<float> s20 = b0;
        Vector512<float> s30 = b0;
        Vector512<float> s40 = b0;
        Vector512<float> s50 = b0;
        Vector512<float> s60 = b0;
        Vector512<float> s70 = b0;
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

        Write(target, target->Rows[0], s00);
        Write(target, target->Rows[1], s10);
        Write(target, target->Rows[2], s20);
        Write(target, target->Rows[3], s30);
        Write(target, target->Rows[4], s40);
        Write(target, target->Rows[5], s50);
        Write(target, target->Rows[6], s60);
        Write(target, target->Rows[7], s70);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply2(float** x, nint* taps, int count, int depth, float* weights, ProductTarget* target)
    {
        Vector512<float> b0 = target->Bias is null ? Vector512<float>.Zero : Vector512.Load(target->Bias);
        Vector512<float> b1 = target->Bias is null ? Vector512<float>.Zero : Vector512.Load(target->Bias + 16);
        Vector512<float> s00 = b0, s01 = b1;
        Vector512<float> s10 = b0, s11 = b1;
        Vector512<float> s20 = b0, s21 = b1;
        Vector512<float> s30 = b0, s31 = b1;
        Vector512<float> s40 = b0, s41 = b1;
        Vector512<float> s50 = b0, s51 = b1;
        Vector512<float> s60 = b0, s61 = b1;
        Vector512<float> s70 = b0, s71 = b1;
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

        Write(target, target->Rows[0], s00);
        Write(target, target->Rows[0] + 16, s01);
        Write(target, target->Rows[1], s10);
        Write(target, target->Rows[1] + 16, s11);
        Write(target, target->Rows[2], s20);
        Write(target, target->Rows[2] + 16, s21);
        Write(target, target->Rows[3], s30);
        Write(target, target->Rows[3] + 16, s31);
        Write(target, target->Rows[4], s40);
        Write(target, target->Rows[4] + 16, s41);
        Write(target, target->Rows[5], s50);
        Write(target, target->Rows[5] + 16, s51);
        Write(target, target->Rows[6], s60);
        Write(target, target->Rows[6] + 16, s61);
        Write(target, target->Rows[7], s70);
        Write(target, target->Rows[7] + 16, s71);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply3(float** x, nint* taps, int count, int depth, float* weights, ProductTarget* target)
    {
        Vector512<float> b0 = target->Bias is null ? Vector512<float>.Zero : Vector512.Load(target->Bias);
        Vector512<float> b1 = target->Bias is null ? Vector512<float>.Zero : Vector512.Load(target->Bias + 16);
        Vector512<float> b2 = target->Bias is null ? Vector512<float>.Zero : Vector512.Load(target->Bias + 32);
        Vector512<float> s00 = b0, s01 = b1, s02 = b2;
        Vector512<float> s10 = b0, s11 = b1, s12 = b2;
        Vector512<float> s20 = b0, s21 = b1, s22 = b2;
        Vector512<float> s30 = b0, s31 = b1, s32 = b2;
        Vector512<float> s40 = b0, s41 = b1, s42 = b2;
        Vector512<float> s50 = b0, s51 = b1, s52 = b2;
        Vector512<float> s60 = b0, s61 = b1, s62 = b2;
        Vector512<float> s70 = b0, s71 = b1, s72 = b2;
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

        Write(target, target->Rows[0], s00);
        Write(target, target->Rows[0] + 16, s01);
        Write(target, target->Rows[0] + 32, s02);
        Write(target, target->Rows[1], s10);
        Write(target, target->Rows[1] + 16, s11);
        Write(target, target->Rows[1] + 32, s12);
        Write(target, target->Rows[2], s20);
        Write(target, target->Rows[2] + 16, s21);
        Write(target, target->Rows[2] + 32, s22);
        Write(target, target->Rows[3], s30);
        Write(target, target->Rows[3] + 16, s31);
        Write(target, target->Rows[3] + 32, s32);
        Write(target, target->Rows[4], s40);
        Write(target, target->Rows[4] + 16, s41);
        Write(target, target->Rows[4] + 32, s42);
        Write(target, target->Rows[5], s50);
        Write(target, target->Rows[5] + 16, s51);
        Write(target, target->Rows[5] + 32, s52);
        Write(target, target->Rows[6], s60);
        Write(target, target->Rows[6] + 16, s61);
        Write(target, target->Rows[6] + 32, s62);
        Write(target, target->Rows[7], s70);
        Write(target, target->Rows[7] + 16, s71);
        Write(target, target->Rows[7] + 32, s72);
    }

    // What is no number stays so: of two operands these take the second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ProductTarget* target, float* place, Vector512<float> sum)
    {
        sum = target->Accumulate ? sum + Vector512.Load(place) : sum;
        if (target->Passes)
        {
            Vector512<float> value = Vector512.Load(place + target->Distance);
            sum &= Vector512.GreaterThan(value, Vector512.Create(target->Above)) & Vector512.LessThan(value, Vector512.Create(target->Below));
        }

        sum = Avx512F.Max(Vector512.Create(target->Low), sum);
        Avx512F.Min(Vector512.Create(target->High), sum).Store(place);
    }
}
