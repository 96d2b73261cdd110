using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>
/// The product of each channel with weights of its own: y[pixel, c] = Σ x[pixel + tap, c] · W[tap, c] over the places of a window. It is what a
/// <see cref="GatherProduct"/> is where channels are not mixed.
/// </summary>
internal sealed unsafe class ChannelProduct
{
    // Pixels whose sums are made at once: for each weight that is read there is something to do.
    private const int Block = 4;

    private readonly PackedWeights _weights;
    private readonly nint[] _taps;

    /// <param name="weights">The weights: one input, and as many outputs as channels.</param>
    /// <param name="taps">What is added to an address at each place of the window, in values.</param>
    public ChannelProduct(PackedWeights weights, nint[] taps) => (_weights, _taps) = (weights, taps);

    /// <summary>Computes pixels that follow each other at even distances.</summary>
    /// <param name="source">Where the first pixel's window begins.</param>
    /// <param name="sourceStep">Values from one window to the next.</param>
    /// <param name="target">Where the first pixel's result goes.</param>
    /// <param name="targetStep">Values from one result to the next.</param>
    /// <param name="count">Number of pixels.</param>
    /// <param name="bias">What is added, one value for each channel, in whole vectors; null for nothing.</param>
    /// <param name="range">What results are cut off to.</param>
    /// <param name="write">How results are written that are gradients.</param>
    public void Run(
        float* source, nint sourceStep, float* target, nint targetStep, int count, float* bias, ValueRange? range, GradientWrite write)
    {
        fixed (nint* taps = _taps)
        {
            int pixel = 0;
            for (; pixel + Block <= count; pixel += Block)
            {
                Multiply4(source + pixel * sourceStep, sourceStep, target + pixel * targetStep, targetStep, taps, bias, range, write);
            }

            for (; pixel < count; pixel++)
            {
                Multiply1(source + pixel * sourceStep, target + pixel * targetStep, taps, bias, range, write);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply4(
        float* source, nint sourceStep, float* target, nint targetStep, nint* taps, float* bias, ValueRange? range, GradientWrite write)
    {
        int count = _taps.Length;
        foreach (PackedWeights.Panel panel in _weights.Panels)
        {
            for (int lane = 0; lane < panel.Width; lane += Lanes.Count)
            {
                float* weights = _weights.Values + panel.Offset + lane;
                int channel = panel.First + lane;
                Vector512<float> sum0 = bias is null ? Vector512<float>.Zero : Vector512.Load(bias + channel);
                (Vector512<float> sum1, Vector512<float> sum2, Vector512<float> sum3) = (sum0, sum0, sum0);
                for (int tap = 0; tap < count; tap++, weights += panel.Width)
                {
                    Vector512<float> weight = Vector512.Load(weights);
                    float* x = source + taps[tap] + channel;
                    sum0 = Lanes.MultiplyAdd(Vector512.Load(x), weight, sum0);
                    sum1 = Lanes.MultiplyAdd(Vector512.Load(x + sourceStep), weight, sum1);
                    sum2 = Lanes.MultiplyAdd(Vector512.Load(x + 2 * sourceStep), weight, sum2);
                    sum3 = Lanes.MultiplyAdd(Vector512.Load(x + 3 * sourceStep), weight, sum3);
                }

                float* y = target + channel;
                int lanes = _weights.Lanes - channel;
                Write(sum0, y, lanes, range, write);
                Write(sum1, y + targetStep, lanes, range, write);
                Write(sum2, y + 2 * targetStep, lanes, range, write);
                Write(sum3, y + 3 * targetStep, lanes, range, write);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply1(float* source, float* target, nint* taps, float* bias, ValueRange? range, GradientWrite write)
    {
        int count = _taps.Length;
        foreach (PackedWeights.Panel panel in _weights.Panels)
        {
            for (int lane = 0; lane < panel.Width; lane += Lanes.Count)
            {
                float* weights = _weights.Values + panel.Offset + lane;
                int channel = panel.First + lane;
                Vector512<float> sum = bias is null ? Vector512<float>.Zero : Vector512.Load(bias + channel);
                for (int tap = 0; tap < count; tap++, weights += panel.Width)
                {
                    sum = Lanes.MultiplyAdd(Vector512.Load(source + taps[tap] + channel), Vector512.Load(weights), sum);
                }

                Write(sum, target + channel, _weights.Lanes - channel, range, write);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(Vector512<float> sum, float* target, int lanes, ValueRange? range, GradientWrite write) =>
        write.Store(range is { } ends ? ends.Clamp(sum) : sum, target, lanes);
}
