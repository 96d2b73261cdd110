using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>The sum of maps; of one, a copy.</summary>
internal sealed unsafe class SumKernel(MapShape shape) : PointwiseKernel(shape)
{
    internal override bool Takes(IReadOnlyList<MapShape> inputs) => inputs.Count > 0 && inputs.All(input => input == Input);

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
