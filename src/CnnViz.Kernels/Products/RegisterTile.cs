using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnViz.Kernels;

/// <summary>The innermost product: of as many rows, with a panel of as many outputs, as the sums of stay in registers.</summary>
internal static unsafe class RegisterTile
{
    /// <summary>Whether this processor has instructions that the kernels are made for: AVX-512, AVX2 with FMA, AdvSimd or SSE.</summary>
    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    /// <summary>The most vectors of sixteen outputs of a panel.</summary>
    public static int MostVectors => Avx512F.IsSupported ? Avx512Product.Vectors : HasAvx2 ? Avx2Product.Vectors : Vector128Product.Vectors;

    /// <summary>Rows that are worked on at once.</summary>
    public static int Rows { get; } = Avx512F.IsSupported ? Avx512Product.Rows : HasAvx2 ? Avx2Product.Rows : Vector128Product.Rows;

    private static bool HasAvx2 => Avx2.IsSupported && Fma.IsSupported;

    /// <summary>The next multiple of that number.</summary>
    public static int Fill(int rows) => (rows + Rows - 1) / Rows * Rows;

    /// <summary>target[row] = Σ x[row + tap] · W[tap].</summary>
    /// <param name="vectors">Vectors of outputs.</param>
    /// <param name="x">The rows' addresses.</param>
    /// <param name="taps">What is added to them at each place of the window, in bytes.</param>
    /// <param name="count">Number of those places.</param>
    /// <param name="depth">Inputs at each place.</param>
    /// <param name="weights">A panel.</param>
    /// <param name="target">Where the sums go.</param>
    public static void Multiply(int vectors, float** x, nint* taps, int count, int depth, float* weights, ProductTarget* target)
    {
        switch (vectors)
        {
            case 3:
                Avx512Product.Multiply3(x, taps, count, depth, weights, target);
                break;
            case 2:
                Avx512Product.Multiply2(x, taps, count, depth, weights, target);
                break;
            case 1 when Avx512F.IsSupported:
                Avx512Product.Multiply1(x, taps, count, depth, weights, target);
                break;
            case 1 when HasAvx2:
                Avx2Product.Multiply1(x, taps, count, depth, weights, target);
                break;
            default:
                Vector128Product.Multiply1(x, taps, count, depth, weights, target);
                break;
        }
    }
}
