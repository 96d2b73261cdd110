using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>
/// Softmax over the channels of each pixel: e^(x − m) / Σ e^(x − m) with the largest value m, or its logarithm. The gradient is y · (g − Σ g · y);
/// of the logarithm it is g − y · Σ g.
/// </summary>
/// <param name="isLogarithm">Whether the logarithm is wanted.</param>
/// <param name="shape">The size of the maps.</param>
internal sealed unsafe class SoftmaxKernel(bool isLogarithm, MapShape shape) : Kernel(shape, shape)
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward(KernelMaps maps, Share share)
    {
        (int first, int last) = share.Of(maps.Output.Pixels);
        for (int pixel = first; pixel < last; pixel++)
        {
            float* x = maps.Inputs[0].Pixel(pixel);
            float* y = maps.Output.Pixel(pixel);
            float largest = x[0];
            for (int channel = 1; channel < Output.Channels; channel++)
            {
                largest = MathF.Max(largest, x[channel]);
            }

            Vector512<float> sums = Vector512<float>.Zero;
            for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
            {
                sums += Lanes.Keep(VectorMath.Exp(Vector512.Load(x + channel) - Vector512.Create(largest)), Output.Channels - channel);
            }

            float sum = Vector512.Sum(sums);
            for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
            {
                Vector512<float> value = Vector512.Load(x + channel) - Vector512.Create(largest);
                value = isLogarithm ? value - Vector512.Create(MathF.Log(sum)) : VectorMath.Exp(value) / Vector512.Create(sum);
                Lanes.Store(value, y + channel, Output.Channels - channel);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(KernelMaps maps, int input, GradientWrite write, Share share)
    {
        MapView result = maps.InputGradients[0];
        (int first, int last) = share.Of(result.Pixels);
        for (int pixel = first; pixel < last; pixel++)
        {
            float* y = maps.Output.Pixel(pixel);
            float* gradient = maps.Gradient.Pixel(pixel);
            float* target = result.Pixel(pixel);
            Vector512<float> sums = Vector512<float>.Zero;
            for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
            {
                Vector512<float> g = Vector512.Load(gradient + channel);
                sums += Lanes.Keep(isLogarithm ? g : g * Vector512.Load(y + channel), Output.Channels - channel);
            }

            Vector512<float> sum = Vector512.Create(Vector512.Sum(sums));
            for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
            {
                Vector512<float> g = Vector512.Load(gradient + channel);
                Vector512<float> value = Vector512.Load(y + channel);
                Vector512<float> passed = isLogarithm ? g - VectorMath.Exp(value) * sum : value * (g - sum);
                write.Store(passed, target + channel, Output.Channels - channel);
            }
        }
    }
}
