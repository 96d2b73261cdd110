using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace CnnViz.Models.Kernels;

/// <summary>The way between libtorch's order, channel by channel, and that of maps, pixel by pixel; and what is done to maps where they lie.</summary>
internal static unsafe class MapTransfer
{
    private enum Way
    {
        Read,
        Add,
        Write,
    }

    /// <summary>Reads a tensor into maps.</summary>
    /// <param name="source">N×C×H×W, contiguous.</param>
    /// <param name="target">The maps.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <param name="share">The part that is to be read.</param>
    public static void Read(torch.Tensor source, MapView target, bool accumulate, Share share) =>
        Copy(source, target, accumulate ? Way.Add : Way.Read, share);

    /// <summary>Writes maps into a tensor.</summary>
    /// <param name="source">The maps.</param>
    /// <param name="target">N×C×H×W, contiguous.</param>
    /// <param name="share">The part that is to be written.</param>
    public static void Write(MapView source, torch.Tensor target, Share share) => Copy(target, source, Way.Write, share);

    /// <summary>Sets gradients to zero where values were cut off.</summary>
    /// <param name="range">What they were cut off to.</param>
    /// <param name="values">The values.</param>
    /// <param name="gradients">The gradients.</param>
    /// <param name="share">The part that is to be looked at.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pass(ValueRange range, MapView values, MapView gradients, Share share)
    {
        (int first, int last) = share.Of(values.Pixels);
        for (int pixel = first; pixel < last; pixel++)
        {
            float* value = values.Pixel(pixel);
            float* gradient = gradients.Pixel(pixel);
            for (int channel = 0; channel < values.Shape.Channels; channel += Lanes.Count)
            {
                int lanes = values.Shape.Channels - channel;
                Vector512<float> passed = range.Pass(Vector512.Load(gradient + channel), Vector512.Load(value + channel));
                Lanes.Store(passed, gradient + channel, lanes);
            }
        }
    }

    // Few channels at a time, so that what was read beside a value is still there for the next pixel.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(torch.Tensor tensor, MapView maps, Way way, Share share)
    {
        int size = maps.Shape.Pixels;
        (int first, int last) = share.Of(maps.Pixels);
        fixed (byte* bytes = tensor.bytes)
        {
            for (int strip = 0; strip < maps.Shape.Channels; strip += Lanes.Count)
            {
                int channels = Math.Min(Lanes.Count, maps.Shape.Channels - strip);
                for (int pixel = first; pixel < last; pixel++)
                {
                    (int image, int place) = Math.DivRem(pixel, size);
                    float* value = (float*)bytes + ((long)image * maps.Shape.Channels + strip) * size + place;
                    float* map = maps.Pixel(pixel) + strip;
                    for (int channel = 0; channel < channels; channel++, value += size)
                    {
                        if (way == Way.Write)
                        {
                            *value = map[channel];
                        }
                        else
                        {
                            map[channel] = way == Way.Add ? map[channel] + *value : *value;
                        }
                    }
                }
            }
        }
    }
}
