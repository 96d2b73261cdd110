using System.Buffers;
using CnnViz.Kernels;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// Divides the work of <see cref="JpegRounding"/> among the threads, in strips as high as a block, or as two where there are colours. Each
/// value is the same, whichever thread makes it and whatever else is in the batch.
/// </summary>
internal sealed unsafe class JpegRounder
{
    private const float Middle = 128;

    private readonly float[] _luminance;
    private readonly int[] _compressed;
    private readonly int[] _kept;
    private readonly int _channels;
    private readonly PaddedPlane _padded;
    private readonly JpegColors? _colors;

    public JpegRounder(long[] shape, float[] luminance, float[] chrominance, bool[] isCompressed)
    {
        _luminance = luminance;
        _compressed = [.. Enumerable.Range(0, isCompressed.Length).Where(image => isCompressed[image])];
        _kept = [.. Enumerable.Range(0, isCompressed.Length).Where(image => !isCompressed[image])];
        (_channels, int height, int width) = ((int)shape[1], (int)shape[2], (int)shape[3]);
        bool isColored = _channels == JpegColors.Channels;
        _padded = new PaddedPlane(height, width, isColored ? JpegColors.Rows : CosineBlock.Side);
        _colors = isColored ? new JpegColors(_padded, luminance, chrominance) : null;
    }

    /// <summary>Compresses and opens.</summary>
    public void Compress(torch.Tensor images, torch.Tensor opened) =>
        Run(images, opened, _colors is null ? CompressPlanes : _colors.Compress);

    /// <summary>From the gradient of what was opened to that of the images. Rounding is passed over, and without colours there is nothing
    /// else.</summary>
    public void Pass(torch.Tensor gradient, torch.Tensor result) => Run(gradient, result, _colors is null ? Copy : _colors.Pass);

    private void Run(torch.Tensor from, torch.Tensor to, BandWork work)
    {
        fixed (byte* source = from.bytes)
        fixed (byte* target = to.bytes)
        {
            float* sources = (float*)source;
            float* targets = (float*)target;
            WorkerTeam.Run(LibtorchThreads.Count, share =>
            {
                Do(_compressed, work);
                Do(_kept, Copy);

                void Do(int[] images, BandWork work)
                {
                    foreach (RowBand band in share.Bands(images.Length, _padded.Strips))
                    {
                        long start = (long)images[band.Image] * _channels * _padded.ImageSize;
                        work(sources + start, targets + start, band.First, band.Last);
                    }
                }
            });
        }
    }

    // As large a part of all values as the strips are of all strips.
    private void Copy(float* source, float* target, int first, int last)
    {
        int values = checked(_channels * _padded.ImageSize);
        int start = new Share(first, _padded.Strips).Of(values).First;
        int end = new Share(last, _padded.Strips).Of(values).First;
        new ReadOnlySpan<float>(source + start, end - start).CopyTo(new Span<float>(target + start, end - start));
    }

    private void CompressPlanes(float* source, float* target, int first, int last)
    {
        float[] space = ArrayPool<float>.Shared.Rent(_padded.StripSize);
        fixed (float* lines = space)
        {
            for (int channel = 0; channel < _channels; channel++, source += _padded.ImageSize, target += _padded.ImageSize)
            {
                for (int strip = first; strip < last; strip++)
                {
                    _padded.ReadStrip(source, strip, lines);
                    CosineBlock.Round(lines, lines, CosineBlock.Side, _padded.Width, _luminance, Middle);
                    _padded.WriteStrip(lines, target, strip);
                }
            }
        }

        ArrayPool<float>.Shared.Return(space);
    }

    private delegate void BandWork(float* source, float* target, int firstStrip, int lastStrip);
}
