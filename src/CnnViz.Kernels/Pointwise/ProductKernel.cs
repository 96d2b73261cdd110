using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>The product of two maps, or of a map with one value for each of its channels: a gate.</summary>
/// <param name="shape">The size of the first.</param>
/// <param name="isGate">Whether the second has one pixel.</param>
internal sealed unsafe class ProductKernel(MapShape shape, bool isGate) : Kernel(shape, shape)
{
    private readonly MapShape _second = isGate ? new MapShape(shape.Channels, 1, 1) : shape;

    internal override bool Takes(IReadOnlyList<MapShape> inputs) => inputs.Count == 2 && inputs[0] == Input && inputs[1] == _second;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward(KernelMaps maps, Share share)
    {
        (int first, int last) = share.Of(maps.Output.Pixels);
        for (int pixel = first; pixel < last; pixel++)
        {
            float* a = maps.Inputs[0].Pixel(pixel);
            float* b = Second(maps, pixel);
            float* y = maps.Output.Pixel(pixel);
            for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
            {
                Lanes.Store(Vector512.Load(a + channel) * Vector512.Load(b + channel), y + channel, Output.Channels - channel);
            }
        }
    }

    internal override void Backward(KernelMaps maps, int input, GradientWrite write, Share share)
    {
        if (input == 1 && isGate)
        {
            SumUp(maps, write, share);
        }
        else
        {
            Multiply(maps, input, write, share);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(KernelMaps maps, int input, GradientWrite write, Share share)
    {
        MapView result = maps.InputGradients[input];
        (int first, int last) = share.Of(result.Pixels);
        for (int pixel = first; pixel < last; pixel++)
        {
            float* gradient = maps.Gradient.Pixel(pixel);
            float* other = input == 0 ? Second(maps, pixel) : maps.Inputs[0].Pixel(pixel);
            float* target = result.Pixel(pixel);
            for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
            {
                write.Store(
                    Vector512.Load(gradient + channel) * Vector512.Load(other + channel), target + channel, Output.Channels - channel);
            }
        }
    }

    // Of the gate: over all pixels, row by row, so that sums stay exact. Each vector of channels is one thread's.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumUp(KernelMaps maps, GradientWrite write, Share share)
    {
        int vectors = Lanes.Fill(Output.Channels) / Lanes.Count;
        (int first, int last) = share.Of(maps.Gradient.Images * vectors);
        for (int item = first; item < last; item++)
        {
            (int image, int vector) = Math.DivRem(item, vectors);
            int channel = vector * Lanes.Count;
            Vector512<float> sum = Vector512<float>.Zero;
            for (int row = 0; row < Output.Height; row++)
            {
                float* gradient = maps.Gradient.At(image, row, 0) + channel;
                float* value = maps.Inputs[0].At(image, row, 0) + channel;
                Vector512<float> rowSum = Vector512<float>.Zero;
                for (int column = 0; column < Output.Width; column++)
                {
                    rowSum = Lanes.MultiplyAdd(Vector512.Load(gradient), Vector512.Load(value), rowSum);
                    gradient += maps.Gradient.PixelStride;
                    value += maps.Inputs[0].PixelStride;
                }

                sum += rowSum;
            }

            write.Store(sum, maps.InputGradients[1].Image(image) + channel, Output.Channels - channel);
        }
    }

    private float* Second(KernelMaps maps, int pixel) => isGate ? maps.Inputs[1].Image(pixel / Output.Pixels) : maps.Inputs[1].Pixel(pixel);
}
