using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Ascent;

/// <summary>Lines at half the resolution and back, and the gradients of both. Half a line is a multiple of eight values.</summary>
internal static unsafe class HalfResolution
{
    private const int Count = 8;
    private const int Bits = 32;

    // Bilinearly, a value is three quarters of the nearest and a quarter of the next.
    private const float Near = 0.75f;
    private const float Far = 0.25f;

    /// <summary>Makes half a line of the means of two by two values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Shrink(float* upper, float* lower, float* half, int halfWidth)
    {
        for (int column = 0; column < halfWidth; column += Count)
        {
            (Vector256<float> upperEven, Vector256<float> upperOdd) = Split(upper + 2 * column);
            (Vector256<float> lowerEven, Vector256<float> lowerOdd) = Split(lower + 2 * column);
            ((upperEven + upperOdd + lowerEven + lowerOdd) * 0.25f).Store(half + column);
        }
    }

    /// <summary>The gradient of each of the two lines from that of half a line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PassShrink(float* half, float* line, int halfWidth)
    {
        for (int column = 0; column < halfWidth; column += Count)
        {
            Vector256<float> values = Vector256.Load(half + column) * 0.25f;
            Join(values, values, line + 2 * column);
        }
    }

    /// <summary>Makes a line bilinearly; beyond its ends, lines go on with their last value.</summary>
    /// <param name="near">The nearest half line.</param>
    /// <param name="far">The next half line.</param>
    /// <param name="line">A line.</param>
    /// <param name="space">Place for half a line and two values.</param>
    /// <param name="halfWidth">Number of values of half a line.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(float* near, float* far, float* line, float* space, int halfWidth)
    {
        float* mixed = space + 1;
        for (int column = 0; column < halfWidth; column += Count)
        {
            (Vector256.Load(near + column) * Near + Vector256.Load(far + column) * Far).Store(mixed + column);
        }

        (mixed[-1], mixed[halfWidth]) = (mixed[0], mixed[halfWidth - 1]);
        for (int column = 0; column < halfWidth; column += Count)
        {
            Vector256<float> nearest = Vector256.Load(mixed + column) * Near;
            Vector256<float> even = nearest + Vector256.Load(mixed + column - 1) * Far;
            Vector256<float> odd = nearest + Vector256.Load(mixed + column + 1) * Far;
            Join(even, odd, line + 2 * column);
        }
    }

    /// <summary>The gradient of half a line from those of the four lines that are made with it.</summary>
    /// <param name="first">The line before the two that are nearest.</param>
    /// <param name="second">The upper one of the nearest.</param>
    /// <param name="third">The lower one of the nearest.</param>
    /// <param name="fourth">The line after them.</param>
    /// <param name="half">Half a line.</param>
    /// <param name="space">Place for a line and two values.</param>
    /// <param name="halfWidth">Number of values of half a line.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PassWiden(float* first, float* second, float* third, float* fourth, float* half, float* space, int halfWidth)
    {
        int width = 2 * halfWidth;
        float* mixed = space + 1;
        for (int column = 0; column < width; column += Count)
        {
            Vector256<float> far = Vector256.Load(first + column) + Vector256.Load(fourth + column);
            Vector256<float> near = Vector256.Load(second + column) + Vector256.Load(third + column);
            (near * Near + far * Far).Store(mixed + column);
        }

        (mixed[-1], mixed[width]) = (mixed[0], mixed[width - 1]);
        for (int column = 0; column < halfWidth; column += Count)
        {
            (Vector256<float> before, Vector256<float> left) = Split(mixed + 2 * column - 1);
            (Vector256<float> right, Vector256<float> after) = Split(mixed + 2 * column + 1);
            ((left + right) * Near + (before + after) * Far).Store(half + column);
        }
    }

    // Two values are one number of twice as many bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Even, Vector256<float> Odd) Split(float* values)
    {
        Vector256<ulong> first = Vector256.Load(values).AsUInt64();
        Vector256<ulong> second = Vector256.Load(values + Count).AsUInt64();
        Vector256<uint> even = Vector256.Narrow(first, second);
        Vector256<uint> odd = Vector256.Narrow(Vector256.ShiftRightLogical(first, Bits), Vector256.ShiftRightLogical(second, Bits));
        return (even.AsSingle(), odd.AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(Vector256<float> even, Vector256<float> odd, float* target)
    {
        (Vector256<ulong> evenFirst, Vector256<ulong> evenSecond) = Vector256.Widen(even.AsUInt32());
        (Vector256<ulong> oddFirst, Vector256<ulong> oddSecond) = Vector256.Widen(odd.AsUInt32());
        (evenFirst | Vector256.ShiftLeft(oddFirst, Bits)).AsSingle().Store(target);
        (evenSecond | Vector256.ShiftLeft(oddSecond, Bits)).AsSingle().Store(target + Count);
    }
}
