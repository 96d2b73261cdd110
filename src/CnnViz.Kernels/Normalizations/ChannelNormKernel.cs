using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>
/// Layer normalization over the channels of each pixel: y = n · w + b with n = (x − μ) / √(σ² + ε). The gradient is
/// (g · w − mean(g · w) − n · mean(g · w · n)) / √(σ² + ε).
/// </summary>
internal sealed unsafe class ChannelNormKernel(float[] weight, float[] bias, double epsilon, MapShape shape) : Kernel(shape, shape)
{
    // In whole vectors.
    private readonly float[] _weight = [.. weight, .. new float[Lanes.Fill(weight.Length) - weight.Length]];
    private readonly float[] _bias = [.. bias, .. new float[Lanes.Fill(bias.Length) - bias.Length]];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward(KernelMaps maps, Share share)
    {
        (int first, int last) = share.Of(maps.Output.Pixels);
        fixed (float* w = _weight)
        fixed (float* b = _bias)
        {
            for (int pixel = first; pixel < last; pixel++)
            {
                float* x = maps.Inputs[0].Pixel(pixel);
                float* y = maps.Output.Pixel(pixel);
                (float mean, float scale) = Measure(x);
                for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
                {
                    Vector512<float> n = (Vector512.Load(x + channel) - Vector512.Create(mean)) * scale;
                    Lanes.Store(n * Vector512.Load(w + channel) + Vector512.Load(b + channel), y + channel, Output.Channels - channel);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(KernelMaps maps, int input, GradientWrite write, Share share)
    {
        MapView result = maps.InputGradients[0];
        (int first, int last) = share.Of(result.Pixels);
        fixed (float* w = _weight)
        {
            for (int pixel = first; pixel < last; pixel++)
            {
                float* x = maps.Inputs[0].Pixel(pixel);
                float* gradient = maps.Gradient.Pixel(pixel);
                float* target = result.Pixel(pixel);
                (float mean, float scale) = Measure(x);
                Vector512<float> sum = Vector512<float>.Zero;
                Vector512<float> product = Vector512<float>.Zero;
                for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
                {
                    Vector512<float> n = (Vector512.Load(x + channel) - Vector512.Create(mean)) * scale;
                    Vector512<float> g = Lanes.Keep(Vector512.Load(gradient + channel) * Vector512.Load(w + channel), Output.Channels - channel);
                    sum += g;
                    product += Lanes.Keep(g * n, Output.Channels - channel);
                }

                Vector512<float> meanOfGradient = Vector512.Create(Vector512.Sum(sum) / Output.Channels);
                Vector512<float> meanOfProduct = Vector512.Create(Vector512.Sum(product) / Output.Channels);
                for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
                {
                    Vector512<float> n = (Vector512.Load(x + channel) - Vector512.Create(mean)) * scale;
                    Vector512<float> g = Vector512.Load(gradient + channel) * Vector512.Load(w + channel);
                    write.Store((g - meanOfGradient - n * meanOfProduct) * scale, target + channel, Output.Channels - channel);
                }
            }
        }
    }

    // The mean, and one divided by the standard deviation.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (float Mean, float Scale) Measure(float* x)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
        {
            sum += Lanes.Keep(Vector512.Load(x + channel), Output.Channels - channel);
        }

        float mean = Vector512.Sum(sum) / Output.Channels;
        Vector512<float> squares = Vector512<float>.Zero;
        for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
        {
            Vector512<float> distance = Lanes.Keep(Vector512.Load(x + channel) - Vector512.Create(mean), Output.Channels - channel);
            squares += distance * distance;
        }

        return (mean, (float)(1 / Math.Sqrt(Vector512.Sum(squares) / Output.Channels + epsilon)));
    }
}
