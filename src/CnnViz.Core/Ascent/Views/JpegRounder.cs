using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CnnViz.Models.Kernels;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The arithmetic of <see cref="JpegRounding"/>.</summary>
internal sealed unsafe class JpegRounder
{
    private const int Block = 8;
    private const int BlockSize = Block * Block;
    private const float White = 255;
    private const float Middle = 128;

    // Added and taken off, it rounds to the nearest whole number, the even one of two, whatever is not larger than a frequency can be.
    private const float Rounding = 12582912;

    // Row by row the cosine of a frequency at each place of a line.
    private static readonly float[] s_cosines = [.. Enumerable.Range(0, BlockSize).Select(i => JpegCompression.Cosine(i / Block, i % Block))];

    private readonly float[] _luminance;
    private readonly float[] _chrominance;
    private readonly bool[] _isCompressed;
    private readonly int _channels;
    private readonly int _height;
    private readonly int _width;

    // With what blocks need beyond the edge.
    private readonly int _fullHeight;
    private readonly int _fullWidth;

    public JpegRounder(long[] shape, float[] luminance, float[] chrominance, bool[] isCompressed)
    {
        (_luminance, _chrominance, _isCompressed) = (luminance, chrominance, isCompressed);
        (_channels, _height, _width) = ((int)shape[1], (int)shape[2], (int)shape[3]);
        int unit = IsColored ? 2 * Block : Block;
        _fullHeight = (_height + unit - 1) / unit * unit;
        _fullWidth = (_width + unit - 1) / unit * unit;
    }

    private bool IsColored => _channels == 3;

    private int Size => _height * _width;

    private int FullSize => _fullHeight * _fullWidth;

    /// <summary>Compresses and opens.</summary>
    public void Compress(torch.Tensor images, torch.Tensor opened) => Run(images, opened, CompressImage);

    /// <summary>From the gradient of what was opened to that of the images.</summary>
    public void Pass(torch.Tensor gradient, torch.Tensor result) => Run(gradient, result, PassImage);

    private void Run(torch.Tensor from, torch.Tensor to, ImageWork work)
    {
        fixed (byte* source = from.bytes)
        fixed (byte* target = to.bytes)
        {
            float* sources = (float*)source;
            float* targets = (float*)target;
            long values = (long)_channels * Size;
            WorkerTeam.Run(_isCompressed.Length, image =>
            {
                if (_isCompressed[image])
                {
                    float[] space = ArrayPool<float>.Shared.Rent((_channels + 1) * FullSize);
                    work(sources + image * values, targets + image * values, space);
                    ArrayPool<float>.Shared.Return(space);
                }
                else
                {
                    Buffer.MemoryCopy(sources + image * values, targets + image * values, values * sizeof(float), values * sizeof(float));
                }
            });
        }
    }

    private void CompressImage(float* source, float* target, float[] space)
    {
        fixed (float* planes = space)
        {
            for (int channel = 0; channel < _channels; channel++)
            {
                Enlarge(source + channel * Size, planes + channel * FullSize);
            }

            if (!IsColored)
            {
                for (int channel = 0; channel < _channels; channel++)
                {
                    Round(planes + channel * FullSize, _fullHeight, _fullWidth, _luminance, Middle);
                    Finish(planes + channel * FullSize, target + channel * Size);
                }

                return;
            }

            ColorMatrix.Apply(planes, planes, FullSize, FullSize, JpegCompression.Colors);
            Round(planes, _fullHeight, _fullWidth, _luminance, Middle);
            float* half = planes + 3 * FullSize;
            for (int channel = 1; channel < 3; channel++)
            {
                Shrink(planes + channel * FullSize, half);
                Round(half, _fullHeight / 2, _fullWidth / 2, _chrominance, 0);
                Widen(half, planes + channel * FullSize);
            }

            ColorMatrix.Apply(planes, planes, FullSize, FullSize, JpegCompression.ColorsBack);
            for (int channel = 0; channel < 3; channel++)
            {
                Finish(planes + channel * FullSize, target + channel * Size);
            }
        }
    }

    // All but rounding and cutting off is linear, and those two are passed over: each operation turned round, the last first.
    private void PassImage(float* gradient, float* target, float[] space)
    {
        fixed (float* planes = space)
        {
            for (int channel = 0; channel < _channels; channel++)
            {
                ZeroBeyond(gradient + channel * Size, planes + channel * FullSize);
            }

            if (IsColored)
            {
                ColorMatrix.Apply(planes, planes, FullSize, FullSize, ColorMatrix.Turn(JpegCompression.ColorsBack));
                float* half = planes + 3 * FullSize;
                for (int channel = 1; channel < 3; channel++)
                {
                    WidenBack(planes + channel * FullSize, half);
                    ShrinkBack(half, planes + channel * FullSize);
                }

                ColorMatrix.Apply(planes, planes, FullSize, FullSize, ColorMatrix.Turn(JpegCompression.Colors));
            }

            for (int channel = 0; channel < _channels; channel++)
            {
                EnlargeBack(planes + channel * FullSize, target + channel * Size);
            }
        }
    }

    // In 0…255, with the outermost pixels repeated.
    private void Enlarge(float* source, float* target)
    {
        for (int row = 0; row < _fullHeight; row++)
        {
            float* line = source + Math.Min(row, _height - 1) * _width;
            float* to = target + row * _fullWidth;
            for (int column = 0; column < _fullWidth; column++)
            {
                to[column] = line[Math.Min(column, _width - 1)] * White;
            }
        }
    }

    private void EnlargeBack(float* source, float* target)
    {
        new Span<float>(target, Size).Clear();
        for (int row = 0; row < _fullHeight; row++)
        {
            float* line = target + Math.Min(row, _height - 1) * _width;
            float* from = source + row * _fullWidth;
            for (int column = 0; column < _fullWidth; column++)
            {
                line[Math.Min(column, _width - 1)] += from[column];
            }
        }
    }

    private void Finish(float* source, float* target)
    {
        for (int row = 0; row < _height; row++)
        {
            for (int column = 0; column < _width; column++)
            {
                target[row * _width + column] = Math.Clamp(source[row * _fullWidth + column] / White, 0, 1);
            }
        }
    }

    private void ZeroBeyond(float* source, float* target)
    {
        new Span<float>(target, FullSize).Clear();
        for (int row = 0; row < _height; row++)
        {
            new ReadOnlySpan<float>(source + row * _width, _width).CopyTo(new Span<float>(target + row * _fullWidth, _width));
        }
    }

    // The mean of two by two.
    private void Shrink(float* source, float* half)
    {
        int width = _fullWidth / 2;
        for (int row = 0; row < _fullHeight / 2; row++)
        {
            float* upper = source + 2 * row * _fullWidth;
            float* lower = upper + _fullWidth;
            for (int column = 0; column < width; column++)
            {
                half[row * width + column] = (upper[2 * column] + upper[2 * column + 1] + lower[2 * column] + lower[2 * column + 1]) / 4;
            }
        }
    }

    private void ShrinkBack(float* half, float* target)
    {
        int width = _fullWidth / 2;
        for (int row = 0; row < _fullHeight; row++)
        {
            for (int column = 0; column < _fullWidth; column++)
            {
                target[row * _fullWidth + column] = half[row / 2 * width + column / 2] / 4;
            }
        }
    }

    // Twice as large, bilinearly: each value of three quarters of the nearest and a quarter of the next.
    private void Widen(float* half, float* target)
    {
        int width = _fullWidth / 2;
        for (int row = 0; row < _fullHeight; row++)
        {
            (int near, int far) = Neighbours(row, _fullHeight / 2);
            float* first = half + near * width;
            float* second = half + far * width;
            float* line = target + row * _fullWidth;
            for (int column = 0; column < _fullWidth; column++)
            {
                (int close, int next) = Neighbours(column, width);
                float upper = 0.75f * first[close] + 0.25f * first[next];
                float lower = 0.75f * second[close] + 0.25f * second[next];
                line[column] = 0.75f * upper + 0.25f * lower;
            }
        }
    }

    private void WidenBack(float* source, float* half)
    {
        int width = _fullWidth / 2;
        new Span<float>(half, FullSize / 4).Clear();
        for (int row = 0; row < _fullHeight; row++)
        {
            (int near, int far) = Neighbours(row, _fullHeight / 2);
            float* first = half + near * width;
            float* second = half + far * width;
            float* line = source + row * _fullWidth;
            for (int column = 0; column < _fullWidth; column++)
            {
                (int close, int next) = Neighbours(column, width);
                first[close] += 0.75f * 0.75f * line[column];
                first[next] += 0.75f * 0.25f * line[column];
                second[close] += 0.25f * 0.75f * line[column];
                second[next] += 0.25f * 0.25f * line[column];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Near, int Far) Neighbours(int place, int size)
    {
        int near = place / 2;
        return (near, Math.Clamp(place % 2 == 0 ? near - 1 : near + 1, 0, size - 1));
    }

    // The frequencies of each block in whole multiples of the table's steps.
    private static void Round(float* plane, int height, int width, float[] table, float middle)
    {
        fixed (float* cosines = s_cosines)
        fixed (float* steps = table)
        {
            for (int row = 0; row < height; row += Block)
            {
                for (int column = 0; column < width; column += Block)
                {
                    RoundBlock(plane + row * width + column, width, cosines, steps, Vector256.Create(middle));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RoundBlock(float* block, int stride, float* cosines, float* steps, Vector256<float> middle)
    {
        float* first = stackalloc float[BlockSize];
        float* second = stackalloc float[BlockSize];
        for (int row = 0; row < Block; row++)
        {
            (Vector256.Load(block + row * stride) - middle).Store(first + row * Block);
        }

        // Down the columns, and along the rows of what is turned round: C·B, then (C·(C·B)ᵀ)ᵀ = C·B·Cᵀ.
        Multiply(cosines, first, second, isTurned: false);
        Turn(second);
        Multiply(cosines, second, first, isTurned: false);
        Turn(first);
        var rounding = Vector256.Create(Rounding);
        for (int i = 0; i < BlockSize; i += Block)
        {
            Vector256<float> step = Vector256.Load(steps + i);
            Vector256<float> multiple = Vector256.Load(first + i) / step;
            ((multiple + rounding - rounding) * step).Store(first + i);
        }

        Multiply(cosines, first, second, isTurned: true);
        Turn(second);
        Multiply(cosines, second, first, isTurned: true);
        Turn(first);
        for (int row = 0; row < Block; row++)
        {
            (Vector256.Load(first + row * Block) + middle).Store(block + row * stride);
        }
    }

    // A matrix of cosines, or what it becomes when it is turned round, times a block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(float* cosines, float* block, float* product, bool isTurned)
    {
        for (int row = 0; row < Block; row++)
        {
            Vector256<float> sum = Vector256<float>.Zero;
            for (int i = 0; i < Block; i++)
            {
                sum += Vector256.Create(cosines[isTurned ? i * Block + row : row * Block + i]) * Vector256.Load(block + i * Block);
            }

            sum.Store(product + row * Block);
        }
    }

    private static void Turn(float* block)
    {
        for (int row = 0; row < Block; row++)
        {
            for (int column = 0; column < row; column++)
            {
                (block[row * Block + column], block[column * Block + row]) = (block[column * Block + row], block[row * Block + column]);
            }
        }
    }

    private delegate void ImageWork(float* source, float* target, float[] space);
}
