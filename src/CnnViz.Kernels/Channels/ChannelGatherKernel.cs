using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>Channels in another order; one may come several times, or not at all, and some may be zeros.</summary>
internal sealed unsafe class ChannelGatherKernel : Kernel
{
    private readonly int[] _sources;
    private readonly int[][] _targets;

    /// <param name="sources">For each channel of the result that of the input; −1 for zeros.</param>
    /// <param name="shape">The input's size.</param>
    public ChannelGatherKernel(int[] sources, MapShape shape)
        : base(shape, shape with { Channels = sources.Length })
    {
        _sources = [.. sources];
        ILookup<int, int> targets = Enumerable.Range(0, sources.Length).ToLookup(channel => sources[channel]);
        _targets = [.. Enumerable.Range(0, shape.Channels).Select(channel => targets[channel].ToArray())];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward(KernelMaps maps, Share share)
    {
        (int first, int last) = share.Of(maps.Output.Pixels);
        fixed (int* sources = _sources)
        {
            for (int pixel = first; pixel < last; pixel++)
            {
                float* x = maps.Inputs[0].Pixel(pixel);
                float* y = maps.Output.Pixel(pixel);
                for (int channel = 0; channel < Output.Channels; channel++)
                {
                    y[channel] = sources[channel] < 0 ? 0 : x[sources[channel]];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    internal override void Backward(KernelMaps maps, int input, GradientWrite write, Share share)
    {
        MapView result = maps.InputGradients[0];
        (int first, int last) = share.Of(result.Pixels);
        float* sums = stackalloc float[Lanes.Count];
        for (int pixel = first; pixel < last; pixel++)
        {
            float* gradient = maps.Gradient.Pixel(pixel);
            float* target = result.Pixel(pixel);
            for (int channel = 0; channel < Input.Channels; channel += Lanes.Count)
            {
                int lanes = Math.Min(Lanes.Count, Input.Channels - channel);
                for (int lane = 0; lane < lanes; lane++)
                {
                    float sum = 0;
                    foreach (int place in _targets[channel + lane])
                    {
                        sum += gradient[place];
                    }

                    sums[lane] = sum;
                }

                write.Store(Vector512.Load(sums), target + channel, lanes);
            }
        }
    }
}
