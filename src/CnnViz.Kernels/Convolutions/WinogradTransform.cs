using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>
/// A way to compute a tile of a 3×3 convolution's outputs with fewer products: Y = Aᵀ·[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]·A (Winograd, "Arithmetic Complexity
/// of Computations", 1980; Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016).
/// </summary>
/// <param name="step">Height and width of the tile of outputs.</param>
internal abstract unsafe class WinogradTransform(int step)
{
    /// <summary>The kernel's height and width.</summary>
    public const int Kernel = 3;

    /// <summary>Height and width of a tile of outputs.</summary>
    public int Step => step;

    /// <summary>Height and width of the tile of inputs that it depends on.</summary>
    public int Size => step + Kernel - 1;

    /// <summary>Products of a tile.</summary>
    public int Points => Size * Size;

    /// <summary>G: <see cref="Size"/>×3.</summary>
    protected abstract float[] Weights { get; }

    /// <summary>A kernel's factors: G·g·Gᵀ.</summary>
    /// <param name="kernel">3×3.</param>
    /// <param name="points">Gets Size×Size.</param>
    public void TransformKernel(ReadOnlySpan<float> kernel, Span<float> points)
    {
        Span<float> half = stackalloc float[Size * Kernel];
        for (int row = 0; row < Size; row++)
        {
            for (int column = 0; column < Kernel; column++)
            {
                half[row * Kernel + column] = Weights[row * Kernel] * kernel[column]
                    + Weights[row * Kernel + 1] * kernel[Kernel + column]
                    + Weights[row * Kernel + 2] * kernel[2 * Kernel + column];
            }
        }

        for (int row = 0; row < Size; row++)
        {
            for (int column = 0; column < Size; column++)
            {
                points[row * Size + column] = half[row * Kernel] * Weights[column * Kernel]
                    + half[row * Kernel + 1] * Weights[column * Kernel + 1]
                    + half[row * Kernel + 2] * Weights[column * Kernel + 2];
            }
        }
    }

    /// <summary>A tile's factors: Bᵀ·d·B, of sixteen channels at once.</summary>
    /// <param name="source">The first pixel of the tile of inputs.</param>
    /// <param name="rowStride">Values from one row to the next.</param>
    /// <param name="pixelStride">Values from one pixel to the next.</param>
    /// <param name="target">Gets them.</param>
    /// <param name="pointStride">Values from one factor to the next.</param>
    public abstract void TransformInput(float* source, nint rowStride, nint pixelStride, float* target, nint pointStride);

    /// <summary>A tile's outputs: Aᵀ·m·A, of sixteen channels at once.</summary>
    /// <param name="source">The products.</param>
    /// <param name="pointStride">Values from one product to the next.</param>
    /// <param name="target">Gets Step×Step vectors.</param>
    public abstract void TransformOutput(float* source, nint pointStride, Vector512<float>* target);
}
