using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CnnViz.Kernels;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// Makes views of images, and the gradient of images from that of views. Each value is the same sum in the same order, whichever thread
/// makes it and whatever else is in the batch.
/// </summary>
/// <param name="maps">N×2×3 affine maps, as <see cref="AffineSampling"/> has them.</param>
/// <param name="imageShape">N×C×H×W.</param>
/// <param name="viewHeight">Height of views.</param>
/// <param name="viewWidth">Width of views.</param>
/// <param name="edge">What lies beyond the edge of an image.</param>
internal sealed unsafe class AffineSampler(float[] maps, long[] imageShape, int viewHeight, int viewWidth, EdgeMode edge)
{
    private const int MapValues = 6;

    // Of two vectors of pairs, half by half: the first value of each pair, or the second.
    private const byte Lefts = 0b10_00_10_00;
    private const byte Rights = 0b11_01_11_01;

    private readonly int _channels = (int)imageShape[1];
    private readonly int _height = (int)imageShape[2];
    private readonly int _width = (int)imageShape[3];
    private readonly int _imagePlane = (int)(imageShape[2] * imageShape[3]);
    private readonly int _viewPlane = viewHeight * viewWidth;
    private readonly SampledAxis _rows = new((int)imageShape[2], edge);
    private readonly SampledAxis _columns = new((int)imageShape[3], edge);

    public long[] ImageShape => imageShape;

    public long[] ViewShape => [imageShape[0], imageShape[1], viewHeight, viewWidth];

    /// <summary>Makes views of images.</summary>
    /// <param name="images">N×C×H×W, contiguous.</param>
    /// <param name="views">N×C×height×width, contiguous.</param>
    public void Gather(torch.Tensor images, torch.Tensor views) => Run(images, views, viewHeight, GatherRows);

    /// <summary>Makes the gradient of images.</summary>
    /// <param name="images">N×C×H×W, contiguous.</param>
    /// <param name="views">The gradient of views, N×C×height×width, contiguous.</param>
    public void Scatter(torch.Tensor images, torch.Tensor views) => Run(images, views, _height, ScatterToRows);

    private void Run(torch.Tensor images, torch.Tensor views, int rows, BandWork work)
    {
        fixed (byte* image = images.bytes)
        fixed (byte* view = views.bytes)
        {
            float* ofImages = (float*)image;
            float* ofViews = (float*)view;
            WorkerTeam.Run(LibtorchThreads.Count, share =>
            {
                foreach (RowBand band in share.Bands((int)imageShape[0], rows))
                {
                    long channels = (long)band.Image * _channels;
                    work(ofImages + channels * _imagePlane, ofViews + channels * _viewPlane, band);
                }
            });
        }
    }

    private ViewRow RowOf(int image, int row) =>
        ViewRow.Of(maps.AsSpan(image * MapValues, MapValues), row, (viewHeight, viewWidth), (_height, _width));

    // Rows of the view.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GatherRows(float* image, float* view, RowBand band)
    {
        BilinearParts parts;
        for (int row = band.First; row < band.Last; row++)
        {
            ViewRow places = RowOf(band.Image, row);
            for (int column = 0; column < viewWidth; column += BilinearParts.Count)
            {
                (Vector256<float> across, Vector256<float> down) = places.Places(column);
                BilinearParts.Find(&parts, across, down, _columns, _rows, _width);
                float* pixels = image;
                float* seen = view + row * viewWidth + column;
                int count = Math.Min(BilinearParts.Count, viewWidth - column);
                bool isWhole = Avx.IsSupported && parts.IsInner && count == BilinearParts.Count;
                for (int channel = 0; channel < _channels; channel++, pixels += _imagePlane, seen += _viewPlane)
                {
                    if (isWhole)
                    {
                        GatherInner(pixels, _width, seen, &parts);
                    }
                    else
                    {
                        GatherEach(pixels, seen, &parts, count);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GatherInner(float* pixels, int width, float* seen, BilinearParts* parts)
    {
        Vector256<float> top = Pairs(pixels, parts->TopLeft);
        Vector256<float> topNext = Pairs(pixels, parts->TopLeft + 2);
        Vector256<float> bottom = Pairs(pixels + width, parts->TopLeft);
        Vector256<float> bottomNext = Pairs(pixels + width, parts->TopLeft + 2);
        Vector256<float> sum = Avx.Shuffle(top, topNext, Lefts) * Vector256.Load(parts->OfTopLeft)
            + Avx.Shuffle(top, topNext, Rights) * Vector256.Load(parts->OfTopRight)
            + Avx.Shuffle(bottom, bottomNext, Lefts) * Vector256.Load(parts->OfBottomLeft)
            + Avx.Shuffle(bottom, bottomNext, Rights) * Vector256.Load(parts->OfBottomRight)
            + Vector256.Load(parts->Missing);
        sum.Store(seen);
    }

    // The pixel at each of four places and the one to the right of it, read as one: much less work than gathering them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pairs(float* pixels, int* places) =>
        Vector256.Create(
            Vector128.Create(*(double*)(pixels + places[0]), *(double*)(pixels + places[1])),
            Vector128.Create(*(double*)(pixels + places[4]), *(double*)(pixels + places[5]))).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void GatherEach(float* pixels, float* seen, BilinearParts* parts, int count)
    {
        for (int i = 0; i < count; i++)
        {
            seen[i] = pixels[parts->TopLeft[i]] * parts->OfTopLeft[i]
                + pixels[parts->TopRight[i]] * parts->OfTopRight[i]
                + pixels[parts->BottomLeft[i]] * parts->OfBottomLeft[i]
                + pixels[parts->BottomRight[i]] * parts->OfBottomRight[i]
                + parts->Missing[i];
        }
    }

    // Rows of the image. Whoever makes a row of the image goes through all the rows of the view that touch it, from the first to the last.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScatterToRows(float* image, float* view, RowBand band)
    {
        for (int channel = 0; channel < _channels; channel++)
        {
            new Span<float>(image + channel * _imagePlane + band.First * _width, (band.Last - band.First) * _width).Clear();
        }

        BilinearParts parts;
        float* space = stackalloc float[4 * BilinearParts.Count];
        for (int row = 0; row < viewHeight; row++)
        {
            ViewRow places = RowOf(band.Image, row);
            (bool isTouched, bool isWithin) = Compare(places, band);
            if (!isTouched)
            {
                continue;
            }

            for (int column = 0; column < viewWidth; column += BilinearParts.Count)
            {
                (Vector256<float> across, Vector256<float> down) = places.Places(column);
                BilinearParts.Find(&parts, across, down, _columns, _rows, _width);
                float* seen = view + row * viewWidth + column;
                int count = Math.Min(BilinearParts.Count, viewWidth - column);
                if (isWithin && parts.IsInner && count == BilinearParts.Count)
                {
                    for (int channel = 0; channel < _channels; channel++)
                    {
                        ScatterInner(image + channel * _imagePlane, _width, seen + channel * _viewPlane, &parts, space);
                    }
                }
                else
                {
                    ScatterEach(image, seen, &parts, count, band);
                }
            }
        }
    }

    // Whether a row of the view touches a band of the image, and whether it touches nothing else.
    private (bool IsTouched, bool IsWithin) Compare(ViewRow places, RowBand band)
    {
        if (band.Last - band.First == _height)
        {
            return (true, true);
        }

        (float low, float high) = places.Span(viewWidth);
        if (!_rows.Holds(low) || !_rows.Holds(high))
        {
            return (true, false);
        }

        (int first, int last) = ((int)low, (int)high + 1);
        return (last >= band.First && first < band.Last, first >= band.First && last < band.Last);
    }

    // One channel after the other: a pixel is soon added to again, and processors are slow to find what was just stored if another
    // store since has the same last twelve bits of an address, as those to other channels often have.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScatterInner(float* pixels, int width, float* seen, BilinearParts* parts, float* space)
    {
        Vector256<float> values = Vector256.Load(seen);
        (values * Vector256.Load(parts->OfTopLeft)).Store(space);
        (values * Vector256.Load(parts->OfTopRight)).Store(space + BilinearParts.Count);
        (values * Vector256.Load(parts->OfBottomLeft)).Store(space + 2 * BilinearParts.Count);
        (values * Vector256.Load(parts->OfBottomRight)).Store(space + 3 * BilinearParts.Count);
        for (int i = 0; i < BilinearParts.Count; i++)
        {
            float* upper = pixels + parts->TopLeft[i];
            float* lower = upper + width;
            upper[0] += space[i];
            upper[1] += space[BilinearParts.Count + i];
            lower[0] += space[2 * BilinearParts.Count + i];
            lower[1] += space[3 * BilinearParts.Count + i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void ScatterEach(float* image, float* seen, BilinearParts* parts, int count, RowBand band)
    {
        int first = band.First * _width;
        int values = band.Last * _width - first;
        for (int channel = 0; channel < _channels; channel++, image += _imagePlane, seen += _viewPlane)
        {
            for (int i = 0; i < count; i++)
            {
                Add(parts->TopLeft[i], seen[i] * parts->OfTopLeft[i]);
                Add(parts->TopRight[i], seen[i] * parts->OfTopRight[i]);
                Add(parts->BottomLeft[i], seen[i] * parts->OfBottomLeft[i]);
                Add(parts->BottomRight[i], seen[i] * parts->OfBottomRight[i]);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Add(int place, float value)
        {
            if ((uint)(place - first) < (uint)values)
            {
                image[place] += value;
            }
        }
    }

    private delegate void BandWork(float* image, float* view, RowBand band);
}
