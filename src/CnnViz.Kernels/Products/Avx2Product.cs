using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnViz.Kernels;

/// <summary>Products of six rows with sixteen outputs, in AVX2: twelve sums of eight in the sixteen registers.</summary>
/// <remarks>Each method: x, the rows' addresses; taps, what is added to them at each place of the window, in bytes; depth, inputs at each place;
/// weights, a panel; target, where the sums go. Written out, as only so all of them stay in registers.</remarks>
internal static unsafe class Avx2Product
{
    /// <summary>Rows that are worked on at once.</summary>
    public const int Rows = 6;

    /// <summary>The most vectors of sixteen outputs that are worked on at once.</summary>
    public const int Vectors = 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply1(float** x, nint* taps, int count, int depth, float* weights, ProductTarget* target)
    {
        Vector256<float> b0 = target->Bias is null ? Vector256<float>.Zero : Vector256.Load(target->Bias);
        Vector256<float> b1 = target->Bias is null ? Vector256<float>.Zero : Vector256.Load(target->Bias + 8);
        Vector256<float> s00 = b0, s01 = b1;
        Vector256<float> s10 = b0, s11 = b1;
        Vector256<float> s20 = b0, s21 = b1;
        Vector256<float> s30 = b0, s31 = b1;
        Vector256<float> s40 = b0, s41 = b1;
        Vector256<float> s50 = b0, s51 = b1;
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

        Write(target, target->Rows[0], s00);
        Write(target, target->Rows[0] + 8, s01);
        Write(target, target->Rows[1], s10);
        Write(target, target->Rows[1] + 8, s11);
        Write(target, target->Rows[2], s20);
        Write(target, target->Rows[2] + 8, s21);
        Write(target, target->Rows[3], s30);
        Write(target, target->Rows[3] + 8, s31);
        Write(target, target->Rows[4], s40);
        Write(target, target->Rows[4] + 8, s41);
        Write(target, target->Rows[5], s50);
        Write(target, target->Rows[5] + 8, s51);
    }

    // What is no number stays so: of two operands these take the second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ProductTarget* target, float* place, Vector256<float> sum)
    {
        sum = target->Accumulate ? sum + Vector256.Load(place) : sum;
        if (target->Passes)
        {
            Vector256<float> value = Vector256.Load(place + target->Distance);
            sum &= Vector256.GreaterThan(value, Vector256.Create(target->Above)) & Vector256.LessThan(value, Vector256.Create(target->Below));
        }

        sum = Avx.Max(Vector256.Create(target->Low), sum);
        Avx.Min(Vector256.Create(target->High), sum).Store(place);
    }
}
