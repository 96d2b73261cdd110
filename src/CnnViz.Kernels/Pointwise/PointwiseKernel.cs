using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>An operation that makes each value of the values at the same place.</summary>
/// <param name="shape">The size of all maps.</param>
internal abstract unsafe class PointwiseKernel(MapShape shape) : Kernel(shape, shape)
{
    internal sealed override bool CanClamp => true;

    /// <summary>The result.</summary>
    /// <param name="inputs">The pixel in each input.</param>
    /// <param name="channel">The first channel.</param>
    protected abstract Vector512<float> Compute(ReadOnlySpan<nint> inputs, int channel);

    /// <summary>The gradient of an input for the result's.</summary>
    protected abstract Vector512<float> Pass(Vector512<float> gradient, int channel);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal sealed override void Forward(KernelMaps maps, Share share)
    {
        (int first, int last) = share.Of(maps.Output.Pixels);
        Span<nint> inputs = stackalloc nint[maps.Inputs.Length];
        for (int pixel = first; pixel < last; pixel++)
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                inputs[i] = (nint)maps.Inputs[i].Pixel(pixel);
            }

            float* target = maps.Output.Pixel(pixel);
            for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
            {
                int lanes = Output.Channels - channel;
                Vector512<float> value = Compute(inputs, channel);
                Lanes.Store(Range is { } range ? range.Clamp(value) : value, target + channel, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal sealed override void Backward(KernelMaps maps, int input, GradientWrite write, Share share)
    {
        MapView result = maps.InputGradients[input];
        (int first, int last) = share.Of(result.Pixels);
        for (int pixel = first; pixel < last; pixel++)
        {
            float* gradient = maps.Gradient.Pixel(pixel);
            float* target = result.Pixel(pixel);
            for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
            {
                int lanes = Output.Channels - channel;
                write.Store(Pass(Vector512.Load(gradient + channel), channel), target + channel, lanes);
            }
        }
    }
}
