using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

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
