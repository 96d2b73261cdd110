using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>The way between plain memory, channel by channel, and maps, pixel by pixel; and what is done to maps where they lie.</summary>
internal static unsafe class MapTransfer
{
    private enum Way
    {
        Read,
        Add,
        Write,
    }

    /// <summary>Reads plain memory into maps.</summary>
    /// <param name="source">As many images, of their size.</param>
    /// <param name="target">The maps.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <param name="share">The part that is to be read.</param>
    public static void Read(PlainMaps source, MapView target, bool accumulate, Share share) =>
        Copy(source, target, accumulate ? Way.Add : Way.Read, share);

    /// <summary>Writes maps into plain memory.</summary>
    /// <param name="source">The maps.</param>
    /// <param name="target">As many images, of their size.</param>
    /// <param name="share">The part that is to be written.</param>
    public static void Write(MapView source, PlainMaps target, Share share) => Copy(target, source, Way.Write, share);

    /// <summary>Sets maps to zero.</summary>
    /// <param name="target">The maps.</param>
    /// <param name="share">The part that is to be set.</param>
    public static void Clear(MapView target, Share share)
    {
        (int first, int last) = share.Of(target.Pixels);
        for (int pixel = first; pixel < last; pixel++)
        {
            new Span<float>(target.Pixel(pixel), target.Shape.Channels).Clear();
        }
    }

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

    // Tiles of so many pixels by so many channels: one pixel's neighbours lie far apart in one of the orders and channels in the other, often by
    // a power of two, of which a cache holds few.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Copy(PlainMaps plain, MapView maps, Way way, Share share)
    {
        int size = maps.Shape.Pixels;
        (int first, int last) = share.Of(maps.Pixels);
        float* tile = stackalloc float[Lanes.Count * Lanes.Count];
        for (int strip = 0; strip < maps.Shape.Channels; strip += Lanes.Count)
        {
            int channels = Math.Min(Lanes.Count, maps.Shape.Channels - strip);
            for (int pixel = first; pixel < last;)
            {
                (int image, int row, int column) = maps.Place(pixel);
                int pixels = Math.Min(Math.Min(Lanes.Count, last - pixel), maps.Shape.Width - column);
                float* map = maps.At(image, row, column) + strip;
                float* values = plain.Values + ((long)image * maps.Shape.Channels + strip) * size + pixel % size;
                if (way == Way.Write)
                {
                    Write(map, maps.PixelStride, values, size, pixels, channels, tile);
                }
                else
                {
                    Read(values, size, map, maps.PixelStride, pixels, channels, way == Way.Add, tile);
                }

                pixel += pixels;
            }
        }
    }

    private static void Write(float* map, int stride, float* values, int size, int pixels, int channels, float* tile)
    {
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            Vector512.Load(map + (long)pixel * stride).Store(tile + pixel * Lanes.Count);
        }

        for (int channel = 0; channel < channels; channel++, values += size)
        {
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                values[pixel] = tile[pixel * Lanes.Count + channel];
            }
        }
    }

    private static void Read(float* values, int size, float* map, int stride, int pixels, int channels, bool accumulate, float* tile)
    {
        for (int channel = 0; channel < channels; channel++, values += size)
        {
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                tile[pixel * Lanes.Count + channel] = values[pixel];
            }
        }

        var write = new GradientWrite(accumulate);
        for (int pixel = 0; pixel < pixels; pixel++, map += stride)
        {
            write.Store(Vector512.Load(tile + pixel * Lanes.Count), map, channels);
        }
    }
}
