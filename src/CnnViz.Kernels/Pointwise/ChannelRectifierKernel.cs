using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>x, or x times its channel's slope where x is below zero.</summary>
internal sealed unsafe class ChannelRectifierKernel(float[] slopes, MapShape shape) : Kernel(shape, shape)
{
    // In whole vectors.
    private readonly float[] _slopes = [.. slopes, .. new float[Lanes.Fill(slopes.Length) - slopes.Length]];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward(KernelMaps maps, Share share)
    {
        (int first, int last) = share.Of(maps.Output.Pixels);
        fixed (float* slope = _slopes)
        {
            for (int pixel = first; pixel < last; pixel++)
            {
                float* x = maps.Inputs[0].Pixel(pixel);
                float* y = maps.Output.Pixel(pixel);
                for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
                {
                    Vector512<float> value = Vector512.Load(x + channel);
                    Lanes.Store(value * Slope(value, slope + channel), y + channel, Output.Channels - channel);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(KernelMaps maps, int input, GradientWrite write, Share share)
    {
        MapView result = maps.InputGradients[0];
        (int first, int last) = share.Of(result.Pixels);
        fixed (float* slope = _slopes)
        {
            for (int pixel = first; pixel < last; pixel++)
            {
                float* x = maps.Inputs[0].Pixel(pixel);
                float* gradient = maps.Gradient.Pixel(pixel);
                float* target = result.Pixel(pixel);
                for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
                {
                    Vector512<float> factor = Slope(Vector512.Load(x + channel), slope + channel);
                    write.Store(Vector512.Load(gradient + channel) * factor, target + channel, Output.Channels - channel);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Slope(Vector512<float> value, float* slope) =>
        Vector512.ConditionalSelect(Vector512.LessThan(value, Vector512<float>.Zero), Vector512.Load(slope), Vector512<float>.One);
}
