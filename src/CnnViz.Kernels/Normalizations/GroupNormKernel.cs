using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>
/// Normalization of groups of channels of each image by their own mean and variance, over all pixels: y = n · w + b with
/// n = (x − μ) / √(σ² + ε). A group of one channel is instance normalization. The gradient is
/// (g · w − mean(g · w) − n · mean(g · w · n)) / √(σ² + ε).
/// </summary>
internal sealed unsafe class GroupNormKernel : Kernel
{
    private readonly float[] _weight;
    private readonly float[] _bias;
    private readonly float _epsilon;
    private readonly bool _isPerChannel;

    // What is worked on at once: a group or, where each channel is one, a vector of them.
    private readonly int _parts;
    private readonly int _channels;

    public GroupNormKernel(float[] weight, float[] bias, int groups, double epsilon, MapShape shape)
        : base(shape, shape)
    {
        _weight = [.. weight, .. new float[Lanes.Count]];
        _bias = [.. bias, .. new float[Lanes.Count]];
        _epsilon = (float)epsilon;
        _isPerChannel = groups == shape.Channels;
        _channels = _isPerChannel ? Lanes.Count : shape.Channels / groups;
        _parts = (shape.Channels + _channels - 1) / _channels;
    }

    internal override void Forward(KernelMaps maps, Share share)
    {
        (int first, int last) = share.Of(maps.Output.Images * _parts);
        for (int item = first; item < last; item++)
        {
            Part part = PartOf(item);
            Moments moments = Measure(maps.Inputs[0], part);
            Normalize(maps, part, moments);
        }
    }

    internal override void Backward(KernelMaps maps, int input, GradientWrite write, Share share)
    {
        (int first, int last) = share.Of(maps.Gradient.Images * _parts);
        for (int item = first; item < last; item++)
        {
            Part part = PartOf(item);
            Moments moments = Measure(maps.Inputs[0], part);
            Pass(maps, part, moments, MeasureGradient(maps, part, moments), write);
        }
    }

    private Part PartOf(int item)
    {
        (int image, int part) = Math.DivRem(item, _parts);
        return new Part(image, part * _channels, Math.Min(_channels, Output.Channels - part * _channels));
    }

    private Moments Measure(MapView source, Part part)
    {
        Vector512<float> mean = Mean(SumUp(source, part, Vector512<float>.Zero, isSquare: false), part.Channels);
        Vector512<float> variance = Mean(SumUp(source, part, mean, isSquare: true), part.Channels);
        return new Moments(mean, Vector512<float>.One / Vector512.Sqrt(variance + Vector512.Create(_epsilon)));
    }

    // Of x − mean, or of its square.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector512<float> SumUp(MapView source, Part part, Vector512<float> mean, bool isSquare)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        for (int row = 0; row < Output.Height; row++)
        {
            Vector512<float> rowSum = Vector512<float>.Zero;
            for (int column = 0; column < Output.Width; column++)
            {
                float* x = source.At(part.Image, row, column) + part.First;
                for (int channel = 0; channel < part.Channels; channel += Lanes.Count)
                {
                    Vector512<float> value = Lanes.Keep(Vector512.Load(x + channel) - mean, part.Channels - channel);
                    rowSum += isSquare ? value * value : value;
                }
            }

            sum += rowSum;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Normalize(KernelMaps maps, Part part, Moments moments)
    {
        fixed (float* w = _weight)
        fixed (float* b = _bias)
        {
            for (int row = 0; row < Output.Height; row++)
            {
                for (int column = 0; column < Output.Width; column++)
                {
                    float* x = maps.Inputs[0].At(part.Image, row, column) + part.First;
                    float* y = maps.Output.At(part.Image, row, column) + part.First;
                    for (int channel = 0; channel < part.Channels; channel += Lanes.Count)
                    {
                        Vector512<float> n = (Vector512.Load(x + channel) - moments.Mean) * moments.Scale;
                        Vector512<float> value = n * Vector512.Load(w + part.First + channel) + Vector512.Load(b + part.First + channel);
                        Lanes.Store(value, y + channel, part.Channels - channel);
                    }
                }
            }
        }
    }

    // The means of g · w and of g · w · n.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (Vector512<float> OfGradient, Vector512<float> OfProduct) MeasureGradient(KernelMaps maps, Part part, Moments moments)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        Vector512<float> product = Vector512<float>.Zero;
        fixed (float* w = _weight)
        {
            for (int row = 0; row < Output.Height; row++)
            {
                Vector512<float> rowSum = Vector512<float>.Zero;
                Vector512<float> rowProduct = Vector512<float>.Zero;
                for (int column = 0; column < Output.Width; column++)
                {
                    float* x = maps.Inputs[0].At(part.Image, row, column) + part.First;
                    float* gradient = maps.Gradient.At(part.Image, row, column) + part.First;
                    for (int channel = 0; channel < part.Channels; channel += Lanes.Count)
                    {
                        Vector512<float> n = (Vector512.Load(x + channel) - moments.Mean) * moments.Scale;
                        Vector512<float> g = Vector512.Load(gradient + channel) * Vector512.Load(w + part.First + channel);
                        rowSum += Lanes.Keep(g, part.Channels - channel);
                        rowProduct += Lanes.Keep(g * n, part.Channels - channel);
                    }
                }

                sum += rowSum;
                product += rowProduct;
            }
        }

        return (Mean(sum, part.Channels), Mean(product, part.Channels));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pass(
        KernelMaps maps, Part part, Moments moments, (Vector512<float> OfGradient, Vector512<float> OfProduct) means, GradientWrite write)
    {
        fixed (float* w = _weight)
        {
            for (int row = 0; row < Output.Height; row++)
            {
                for (int column = 0; column < Output.Width; column++)
                {
                    float* x = maps.Inputs[0].At(part.Image, row, column) + part.First;
                    float* gradient = maps.Gradient.At(part.Image, row, column) + part.First;
                    float* target = maps.InputGradients[0].At(part.Image, row, column) + part.First;
                    for (int channel = 0; channel < part.Channels; channel += Lanes.Count)
                    {
                        Vector512<float> n = (Vector512.Load(x + channel) - moments.Mean) * moments.Scale;
                        Vector512<float> g = Vector512.Load(gradient + channel) * Vector512.Load(w + part.First + channel);
                        Vector512<float> value = (g - means.OfGradient - n * means.OfProduct) * moments.Scale;
                        write.Store(value, target + channel, part.Channels - channel);
                    }
                }
            }
        }
    }

    // Of each lane, or of all together.
    private Vector512<float> Mean(Vector512<float> sum, int channels) => _isPerChannel
        ? sum / Vector512.Create((float)Output.Pixels)
        : Vector512.Create(Vector512.Sum(sum) / ((float)Output.Pixels * channels));

    private readonly record struct Part(int Image, int First, int Channels);

    private readonly record struct Moments(Vector512<float> Mean, Vector512<float> Scale);
}
