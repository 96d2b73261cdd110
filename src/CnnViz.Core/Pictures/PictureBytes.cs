using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Pictures;

/// <summary>A picture in 8 bits, pixel by pixel: grey for one channel, RGB for three, else the channels side by side in grey.</summary>
/// <param name="Samples">Height × width × samples of a pixel, row by row.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels, of all channels that are side by side.</param>
/// <param name="Depth">Colours of a pixel, 1 or 3.</param>
/// <param name="HasAlpha">Whether a pixel has one sample more, where 0 is transparent.</param>
internal sealed record PictureBytes(byte[] Samples, int Height, int Width, int Depth, bool HasAlpha = false)
{
    /// <summary>
    /// The pixels of a tensor, rounded. They are computed here and not by libtorch: pictures are written while the engine is at work on its
    /// own thread, and numbers that TorchSharp hands to libtorch do not always live through that.
    /// </summary>
    /// <param name="picture">C×H×W, 0…1; values beyond are clipped, and what is no number is 0.</param>
    /// <param name="alpha">H×W, 0…1, where 0 is transparent; null where all is opaque.</param>
    public static PictureBytes Of(torch.Tensor picture, torch.Tensor? alpha = null)
    {
        (int channels, int height, int width) = ((int)picture.shape[0], (int)picture.shape[1], (int)picture.shape[2]);
        int depth = channels == 3 ? 3 : 1;
        int wide = channels / depth * width;
        var samples = new byte[height * wide * (depth + (alpha is null ? 0 : 1))];
        float[] values = picture.ToFloats();
        float[]? opacity = alpha?.ToFloats();
        int at = 0;
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < wide; column++)
            {
                int pixel = row * width + column % width;
                for (int colour = 0; colour < depth; colour++)
                {
                    samples[at++] = ToByte(values[(column / width + colour) * height * width + pixel]);
                }

                if (opacity is not null)
                {
                    samples[at++] = ToByte(opacity[pixel]);
                }
            }
        }

        return new PictureBytes(samples, height, wide, depth, opacity is not null);
    }

    private static byte ToByte(float value) => float.IsNaN(value) ? (byte)0 : (byte)MathF.Round(Math.Clamp(value, 0, 1) * 255);

    /// <summary>Samples of a pixel.</summary>
    public int PixelSize => Depth + (HasAlpha ? 1 : 0);

    /// <summary>Whether no pixel is transparent.</summary>
    public bool IsOpaque
    {
        get
        {
            for (int at = Depth; HasAlpha && at < Samples.Length; at += PixelSize)
            {
                if (Samples[at] != byte.MaxValue)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Whether all colours of each pixel are the same.</summary>
    public bool IsGrey
    {
        get
        {
            for (int at = 0; Depth == 3 && at < Samples.Length; at += PixelSize)
            {
                if (Samples[at] != Samples[at + 1] || Samples[at] != Samples[at + 2])
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>The transparency, height × width; null where all is opaque.</summary>
    public byte[]? Alpha => HasAlpha ? Map(1, (from, to) => to[0] = from[^1]) : null;

    /// <summary>The same colours, opaque.</summary>
    public PictureBytes WithoutAlpha() => HasAlpha ? this with { Samples = Map(Depth, (from, to) => from[..^1].CopyTo(to)), HasAlpha = false } : this;

    /// <summary>The picture on white.</summary>
    public PictureBytes OnWhite() => HasAlpha ? this with { Samples = Map(Depth, PutOnWhite), HasAlpha = false } : this;

    /// <summary>The brightness of an opaque picture (ITU-R BT.709, of values as they are stored).</summary>
    public PictureBytes ToGrey() => Depth == 1 ? this : this with { Samples = Map(1, (from, to) => to[0] = Brightness(from)), Depth = 1 };

    /// <summary>An opaque picture in RGB.</summary>
    public PictureBytes ToRgb() => Depth == 3 ? this : this with { Samples = Map(3, (from, to) => to.Fill(from[0])), Depth = 3 };

    /// <summary>A part of the picture, which must lie within.</summary>
    public PictureBytes Cut(int top, int left, int height, int width)
    {
        var cut = new byte[height * width * PixelSize];
        for (int row = 0; row < height; row++)
        {
            Array.Copy(Samples, ((top + row) * Width + left) * PixelSize, cut, row * width * PixelSize, width * PixelSize);
        }

        return this with { Samples = cut, Height = height, Width = width };
    }

    private static void PutOnWhite(ReadOnlySpan<byte> from, Span<byte> to)
    {
        int alpha = from[^1];
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = (byte)((from[i] * alpha + byte.MaxValue * (byte.MaxValue - alpha) + byte.MaxValue / 2) / byte.MaxValue);
        }
    }

    private static byte Brightness(ReadOnlySpan<byte> pixel) =>
        (byte)MathF.Round(0.212656f * pixel[0] + 0.715158f * pixel[1] + 0.072186f * pixel[2]);

    private byte[] Map(int size, PixelMap map)
    {
        var result = new byte[Height * Width * size];
        for (int i = 0; i < Height * Width; i++)
        {
            map(Samples.AsSpan(i * PixelSize, PixelSize), result.AsSpan(i * size, size));
        }

        return result;
    }

    private delegate void PixelMap(ReadOnlySpan<byte> from, Span<byte> to);
}
