using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Pictures;

/// <summary>A picture in 8 bits, pixel by pixel: grey for one channel, RGB for three, else the channels side by side in grey.</summary>
/// <param name="Samples">Height × width × samples of a pixel.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels, of all channels that are side by side.</param>
/// <param name="Depth">Colours of a pixel, 1 or 3; alpha is one sample more.</param>
internal sealed record PictureBytes(byte[] Samples, int Height, int Width, int Depth)
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

        return new PictureBytes(samples, height, wide, depth);
    }

    private static byte ToByte(float value) => float.IsNaN(value) ? (byte)0 : (byte)MathF.Round(Math.Clamp(value, 0, 1) * 255);
}
