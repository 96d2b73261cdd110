using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>
/// Local response normalization with the exponent that everybody takes: y = x · s^−¾ with s = k + α/n · Σ x² over n neighbouring channels. Its
/// gradient is g · s^−¾ − 2 · ¾ · α/n · x · Σ g · x · s^−7⁄4 over the same neighbourhood, turned round.
/// </summary>
internal sealed unsafe class LocalResponseNormKernel(int size, double alpha, double k, MapShape input) : Kernel(input, input)
{
    /// <summary>The exponent.</summary>
    public const double Beta = 0.75;

    private readonly int _before = (size - 1) / 2;
    private readonly int _after = size / 2;
    private readonly float _scale = (float)(alpha / size);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward(KernelMaps maps, Share share)
    {
        (MapView source, MapView output) = (maps.Inputs[0], maps.Output);
        (int first, int last) = share.Of(output.Pixels);
        float[] space = new float[Padded];
        fixed (float* squares = space)
        {
            for (int pixel = first; pixel < last; pixel++)
            {
                float* x = source.Pixel(pixel);
                float* y = output.Pixel(pixel);
                Square(x, squares);
                for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
                {
                    int lanes = Output.Channels - channel;
                    Vector512<float> power = Power(Sum(squares + channel, _before + _after));
                    Lanes.Store(Vector512.Load(x + channel) * power, y + channel, lanes);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(KernelMaps maps, int number, GradientWrite write, Share share)
    {
        (MapView source, MapView gradient, MapView result) = (maps.Inputs[0], maps.Gradient, maps.InputGradients[0]);
        (int first, int last) = share.Of(result.Pixels);
        float[] space = new float[3 * Padded];
        var factor = Vector512.Create((float)(-2 * Beta * _scale));
        fixed (float* squares = space)
        {
            float* terms = squares + Padded;
            float* powers = terms + Padded;
            for (int pixel = first; pixel < last; pixel++)
            {
                float* x = source.Pixel(pixel);
                float* g = gradient.Pixel(pixel);
                float* target = result.Pixel(pixel);
                Square(x, squares);
                for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
                {
                    int lanes = Output.Channels - channel;
                    Vector512<float> sum = Sum(squares + channel, _before + _after);
                    Vector512<float> power = Power(sum);
                    power.Store(powers + channel);
                    Vector512<float> term = Vector512.Load(g + channel) * Vector512.Load(x + channel) * power / Base(sum);
                    Lanes.Store(term, terms + _after + channel, lanes);
                }

                for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
                {
                    int lanes = Output.Channels - channel;
                    Vector512<float> near = Sum(terms + channel, _before + _after);
                    Vector512<float> value = Vector512.Load(g + channel) * Vector512.Load(powers + channel)
                        + factor * Vector512.Load(x + channel) * near;
                    write.Store(value, target + channel, lanes);
                }
            }
        }
    }

    // Channels with the neighbours that the first and the last lack, in whole vectors.
    private int Padded => Output.Channels + _before + _after + 2 * Lanes.Count;

    private void Square(float* x, float* squares)
    {
        for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
        {
            int lanes = Output.Channels - channel;
            Vector512<float> value = Vector512.Load(x + channel);
            Lanes.Store(value * value, squares + _before + channel, lanes);
        }
    }

    private static Vector512<float> Sum(float* start, int further)
    {
        Vector512<float> sum = Vector512.Load(start);
        for (int i = 1; i <= further; i++)
        {
            sum += Vector512.Load(start + i);
        }

        return sum;
    }

    private Vector512<float> Base(Vector512<float> sum) => sum * Vector512.Create(_scale) + Vector512.Create((float)k);

    // Two roots instead of a power.
    private Vector512<float> Power(Vector512<float> sum)
    {
        Vector512<float> value = Base(sum);
        return Vector512<float>.One / Vector512.Sqrt(value * Vector512.Sqrt(value));
    }
}
