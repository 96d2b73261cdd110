using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>An operation that makes each value of the values at the same place.</summary>
/// <param name="shape">The size of all maps.</param>
internal abstract unsafe class PointwiseKernel(MapShape shape) : Kernel
{
    public sealed override MapShape Output => shape;

    public sealed override bool CanClamp => true;

    /// <summary>The result.</summary>
    /// <param name="inputs">The pixel in each input.</param>
    /// <param name="channel">The first channel.</param>
    protected abstract Vector512<float> Compute(ReadOnlySpan<nint> inputs, int channel);

    /// <summary>The gradient of an input for the result's.</summary>
    protected abstract Vector512<float> Pass(Vector512<float> gradient, int channel);

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
                Vector512<float> value = Compute(inputs, channel);
                Lanes.Store(Range is { } range ? range.Clamp(value) : value, target + channel, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public sealed override void Backward(KernelMaps maps, int input, GradientWrite write, Share share)
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
                write.Store(Pass(Vector512.Load(gradient + channel), channel), target + channel, lanes);
            }
        }
    }
}

/// <summary>The sum of maps; of one, a copy.</summary>
internal sealed unsafe class SumKernel(MapShape shape) : PointwiseKernel(shape)
{
    protected override Vector512<float> Compute(ReadOnlySpan<nint> inputs, int channel)
    {
        Vector512<float> sum = Vector512.Load((float*)inputs[0] + channel);
        for (int i = 1; i < inputs.Length; i++)
        {
            sum += Vector512.Load((float*)inputs[i] + channel);
        }

        return sum;
    }

    protected override Vector512<float> Pass(Vector512<float> gradient, int channel) => gradient;
}

/// <summary>A factor and a summand for each channel.</summary>
internal sealed unsafe class ChannelAffineKernel(float[] gain, float[] offset, MapShape shape) : PointwiseKernel(shape)
{
    // In whole vectors.
    private readonly float[] _gain = [.. gain, .. new float[Lanes.Fill(gain.Length) - gain.Length]];
    private readonly float[] _offset = [.. offset, .. new float[Lanes.Fill(offset.Length) - offset.Length]];

    protected override Vector512<float> Compute(ReadOnlySpan<nint> inputs, int channel)
    {
        fixed (float* factors = _gain)
        fixed (float* summands = _offset)
        {
            return Vector512.Load((float*)inputs[0] + channel) * Vector512.Load(factors + channel) + Vector512.Load(summands + channel);
        }
    }

    protected override Vector512<float> Pass(Vector512<float> gradient, int channel)
    {
        fixed (float* factors = _gain)
        {
            return gradient * Vector512.Load(factors + channel);
        }
    }
}
