using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Ascent;

/// <summary>Blocks of 8×8 values as the cosines that they are made of, whose weights are rounded.</summary>
internal static unsafe class CosineBlock
{
    /// <summary>Height and width of a block.</summary>
    public const int Side = 8;

    private const int Size = Side * Side;

    // Added and taken off, it rounds to the nearest whole number, the even one of two, whatever is not larger than a frequency can be.
    private const float Rounding = 12582912;

    // C: row by row the cosine of a frequency at each place of a line. And the same column by column.
    private static readonly float[] s_cosines = [.. Enumerable.Range(0, Size).Select(i => JpegCompression.Cosine(i / Side, i % Side))];
    private static readonly float[] s_turned = [.. Enumerable.Range(0, Size).Select(i => JpegCompression.Cosine(i % Side, i / Side))];

    /// <summary>Rounds the frequencies of each of the blocks to whole multiples of a table's steps.</summary>
    /// <param name="plane">height×width, both multiples of eight; may be the target.</param>
    /// <param name="target">Likewise.</param>
    /// <param name="height">Height of the plane.</param>
    /// <param name="width">Width of the plane.</param>
    /// <param name="table">8×8 steps.</param>
    /// <param name="middle">What values lie around.</param>
    public static void Round(float* plane, float* target, int height, int width, float[] table, float middle)
    {
        fixed (float* cosines = s_cosines)
        fixed (float* turned = s_turned)
        fixed (float* steps = table)
        {
            for (int row = 0; row < height; row += Side)
            {
                for (int column = 0; column < width; column += Side)
                {
                    int block = row * width + column;
                    Round(plane + block, target + block, width, cosines, turned, steps, Vector256.Create(middle));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Round(float* block, float* target, int stride, float* cosines, float* turned, float* steps, Vector256<float> middle)
    {
        float* first = stackalloc float[Size];
        float* second = stackalloc float[Size];
        for (int row = 0; row < Side; row++)
        {
            (Vector256.Load(block + row * stride) - middle).Store(first + row * Side);
        }

        // Frequencies are C·B·Cᵀ, and what has them is Cᵀ·F·C.
        Multiply(cosines, first, second);
        Multiply(second, turned, first);
        var rounding = Vector256.Create(Rounding);
        for (int i = 0; i < Size; i += Side)
        {
            Vector256<float> step = Vector256.Load(steps + i);
            Vector256<float> multiple = Vector256.Load(first + i) / step;
            ((multiple + rounding - rounding) * step).Store(first + i);
        }

        Multiply(turned, first, second);
        Multiply(second, cosines, first);
        for (int row = 0; row < Side; row++)
        {
            (Vector256.Load(first + row * Side) + middle).Store(target + row * stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(float* left, float* right, float* product)
    {
        Vector256<float> right0 = Vector256.Load(right);
        Vector256<float> right1 = Vector256.Load(right + Side);
        Vector256<float> right2 = Vector256.Load(right + 2 * Side);
        Vector256<float> right3 = Vector256.Load(right + 3 * Side);
        Vector256<float> right4 = Vector256.Load(right + 4 * Side);
        Vector256<float> right5 = Vector256.Load(right + 5 * Side);
        Vector256<float> right6 = Vector256.Load(right + 6 * Side);
        Vector256<float> right7 = Vector256.Load(right + 7 * Side);
        for (float* row = left; row < left + Size; row += Side, product += Side)
        {
            Vector256<float> sum = right0 * row[0] + right1 * row[1] + right2 * row[2] + right3 * row[3]
                + right4 * row[4] + right5 * row[5] + right6 * row[6] + right7 * row[7];
            sum.Store(product);
        }
    }
}
