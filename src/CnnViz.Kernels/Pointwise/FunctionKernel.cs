using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>A function of each value by itself.</summary>
internal sealed unsafe class FunctionKernel<T>(T function, MapShape shape) : Kernel(shape, shape)
    where T : struct, IScalarFunction
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward(KernelMaps maps, Share share)
    {
        (int first, int last) = share.Of(maps.Output.Pixels);
        for (int pixel = first; pixel < last; pixel++)
        {
            float* x = maps.Inputs[0].Pixel(pixel);
            float* y = maps.Output.Pixel(pixel);
            for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
            {
                Lanes.Store(function.Value(Vector512.Load(x + channel)), y + channel, Output.Channels - channel);
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
            float* x = maps.Inputs[0].Pixel(pixel);
            float* gradient = maps.Gradient.Pixel(pixel);
            float* target = result.Pixel(pixel);
            for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
            {
                Vector512<float> slope = function.Slope(Vector512.Load(x + channel));
                write.Store(Vector512.Load(gradient + channel) * slope, target + channel, Output.Channels - channel);
            }
        }
    }
}
