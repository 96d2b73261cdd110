using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>
/// Products of six rows with sixteen outputs, in vectors of four: 24 sums, four weights and a value in the 32 registers of AdvSimd, on Arm. The
/// sums are the same to the last bit as those of AVX2. Processors with SSE alone can run it too.
/// </summary>
/// <remarks>As of <see cref="Avx2Product" />.</remarks>
internal static unsafe class Vector128Product
{
    /// <summary>Rows that are worked on at once.</summary>
    public const int Rows = 6;

    /// <summary>The most vectors of sixteen outputs that are worked on at once.</summary>
    public const int Vectors = 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply1(float** x, nint* taps, int count, int depth, float* weights, ProductTarget* target)
    {
        Vector128<float> b0 = target->Bias is null ? Vector128<float>.Zero : Vector128.Load(target->Bias);
        Vector128<float> b1 = target->Bias is null ? Vector128<float>.Zero : Vector128.Load(target->Bias + 4);
        Vector128<float> b2 = target->Bias is null ? Vector128<float>.Zero : Vector128.Load(target->Bias + 8);
        Vector128<float> b3 = target->Bias is null ? Vector128<float>.Zero : Vector128.Load(target->Bias + 12);
        Vector128<float> s00 = b0, s01 = b1, s02 = b2, s03 = b3;
        Vector128<float> s10 = b0, s11 = b1, s12 = b2, s13 = b3;
        Vector128<float> s20 = b0, s21 = b1, s22 = b2, s23 = b3;
        Vector128<float> s30 = b0, s31 = b1, s32 = b2, s33 = b3;
        Vector128<float> s40 = b0, s41 = b1, s42 = b2, s43 = b3;
        Vector128<float> s50 = b0, s51 = b1, s52 = b2, s53 = b3;
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
                Vector128<float> w0 = Vector128.Load(weights);
                Vector128<float> w1 = Vector128.Load(weights + 4);
                Vector128<float> w2 = Vector128.Load(weights + 8);
                Vector128<float> w3 = Vector128.Load(weights + 12);
                weights += 16;
                var value = Vector128.Create(x0[i]);
                s00 = Lanes.MultiplyAdd(value, w0, s00);
                s01 = Lanes.MultiplyAdd(value, w1, s01);
                s02 = Lanes.MultiplyAdd(value, w2, s02);
                s03 = Lanes.MultiplyAdd(value, w3, s03);
                value = Vector128.Create(x1[i]);
                s10 = Lanes.MultiplyAdd(value, w0, s10);
                s11 = Lanes.MultiplyAdd(value, w1, s11);
                s12 = Lanes.MultiplyAdd(value, w2, s12);
                s13 = Lanes.MultiplyAdd(value, w3, s13);
                value = Vector128.Create(x2[i]);
                s20 = Lanes.MultiplyAdd(value, w0, s20);
                s21 = Lanes.MultiplyAdd(value, w1, s21);
                s22 = Lanes.MultiplyAdd(value, w2, s22);
                s23 = Lanes.MultiplyAdd(value, w3, s23);
                value = Vector128.Create(x3[i]);
                s30 = Lanes.MultiplyAdd(value, w0, s30);
                s31 = Lanes.MultiplyAdd(value, w1, s31);
                s32 = Lanes.MultiplyAdd(value, w2, s32);
                s33 = Lanes.MultiplyAdd(value, w3, s33);
                value = Vector128.Create(x4[i]);
                s40 = Lanes.MultiplyAdd(value, w0, s40);
                s41 = Lanes.MultiplyAdd(value, w1, s41);
                s42 = Lanes.MultiplyAdd(value, w2, s42);
                s43 = Lanes.MultiplyAdd(value, w3, s43);
                value = Vector128.Create(x5[i]);
                s50 = Lanes.MultiplyAdd(value, w0, s50);
                s51 = Lanes.MultiplyAdd(value, w1, s51);
                s52 = Lanes.MultiplyAdd(value, w2, s52);
                s53 = Lanes.MultiplyAdd(value, w3, s53);
            }
        }

        Write(target, target->Rows[0], s00, s01, s02, s03);
        Write(target, target->Rows[1], s10, s11, s12, s13);
        Write(target, target->Rows[2], s20, s21, s22, s23);
        Write(target, target->Rows[3], s30, s31, s32, s33);
        Write(target, target->Rows[4], s40, s41, s42, s43);
        Write(target, target->Rows[5], s50, s51, s52, s53);
    }

    private static void Write(
        ProductTarget* target, float* place, Vector128<float> s0, Vector128<float> s1, Vector128<float> s2, Vector128<float> s3)
    {
        Write(target, place, s0);
        Write(target, place + 4, s1);
        Write(target, place + 8, s2);
        Write(target, place + 12, s3);
    }

    // What is no number stays so.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ProductTarget* target, float* place, Vector128<float> sum)
    {
        sum = target->Accumulate ? sum + Vector128.Load(place) : sum;
        if (target->Passes)
        {
            Vector128<float> value = Vector128.Load(place + target->Distance);
            sum &= Vector128.GreaterThan(value, Vector128.Create(target->Above)) & Vector128.LessThan(value, Vector128.Create(target->Below));
        }

        var low = Vector128.Create(target->Low);
        var high = Vector128.Create(target->High);
        sum = Vector128.ConditionalSelect(Vector128.LessThan(sum, low), low, sum);
        Vector128.ConditionalSelect(Vector128.GreaterThan(sum, high), high, sum).Store(place);
    }
}
