using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Models.Kernels;

/// <summary>An operation that makes each value of the values at the same place.</summary>
/// <param name="shape">The size of all maps.</param>
internal abstract unsafe class PointwiseKernel(MapShape shape) : Kernel
{
    public sealed override MapShape Output => shape;

    public sealed override bool CanClamp => true;

    /// <summary>The result.</summary>
    /// <param name="inputs">The pixel in each input.</param>
    /// <param name="channel">The first channel.</param>
    /// <param name="lanes">Channels from there on.</param>
    protected abstract Vector512<float> Compute(ReadOnlySpan<nint> inputs, int channel, int lanes);

    /// <summary>The gradient of an input for the result's.</summary>
    protected abstract Vector512<float> Pass(Vector512<float> gradient, int channel, int lanes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public sealed override void Forward(KernelMaps maps, Share share)
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
            for (int channel = 0; channel < shape.Channels; channel += Lanes.Count)
            {
                int lanes = shape.Channels - channel;
                Vector512<float> value = Compute(inputs, channel, lanes);
                Lanes.Store(Range is { } range ? range.Clamp(value) : value, target + channel, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public sealed override void Backward(KernelMaps maps, int input, bool accumulate, Share share)
    {
        MapView result = maps.InputGradients[input];
        (int first, int last) = share.Of(result.Pixels);
        for (int pixel = first; pixel < last; pixel++)
        {
            float* gradient = maps.Gradient.Pixel(pixel);
            float* target = result.Pixel(pixel);
            for (int channel = 0; channel < shape.Channels; channel += Lanes.Count)
            {
                int lanes = shape.Channels - channel;
                Lanes.Store(Pass(Lanes.Load(gradient + channel, lanes), channel, lanes), target + channel, lanes, accumulate);
            }
        }
    }
}

/// <summary>The sum of maps; of one, a copy.</summary>
internal sealed unsafe class SumKernel(MapShape shape) : PointwiseKernel(shape)
{
    protected override Vector512<float> Compute(ReadOnlySpan<nint> inputs, int channel, int lanes)
    {
        Vector512<float> sum = Lanes.Load((float*)inputs[0] + channel, lanes);
        for (int i = 1; i < inputs.Length; i++)
        {
            sum += Lanes.Load((float*)inputs[i] + channel, lanes);
        }

        return sum;
    }

    protected override Vector512<float> Pass(Vector512<float> gradient, int channel, int lanes) => gradient;
}

/// <summary>A factor and a summand for each channel.</summary>
internal sealed unsafe class ChannelAffineKernel(float[] gain, float[] offset, MapShape shape) : PointwiseKernel(shape)
{
    protected override Vector512<float> Compute(ReadOnlySpan<nint> inputs, int channel, int lanes)
    {
        fixed (float* factors = gain)
        fixed (float* summands = offset)
        {
            return Lanes.Load((float*)inputs[0] + channel, lanes) * Lanes.Load(factors + channel, lanes) + Lanes.Load(summands + channel, lanes);
        }
    }

    protected override Vector512<float> Pass(Vector512<float> gradient, int channel, int lanes)
    {
        fixed (float* factors = gain)
        {
            return gradient * Lanes.Load(factors + channel, lanes);
        }
    }
}
