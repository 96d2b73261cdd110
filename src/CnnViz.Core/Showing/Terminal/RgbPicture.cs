using CnnViz.Activations;
using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Showing.Terminal;

/// <summary>A picture as terminals show it.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Pixels">Height × width × 3: red, green and blue (sRGB), row by row.</param>
internal sealed record RgbPicture(int Width, int Height, byte[] Pixels)
{
    /// <summary>The pixels of a tensor.</summary>
    /// <param name="picture">C×H×W, 0…1: grey for one channel, RGB for three, else the channels side by side in grey.</param>
    public static RgbPicture Of(torch.Tensor picture)
    {
        PictureBytes bytes = PictureBytes.Of(picture);
        return new RgbPicture(bytes.Width, bytes.Height, bytes.Depth == 3 ? bytes.Samples : ToRgb(bytes.Samples));
    }

    /// <summary>What an image does to a filter.</summary>
    public static RgbPicture Of(ActivationPicture picture) => new(
        picture.Width,
        picture.Height,
        picture.Channels == 3 ? picture.Pixels : ToRgb(picture.Pixels));

    /// <summary>A pixel's colour as one number: 0xRRGGBB.</summary>
    public int this[int x, int y]
    {
        get
        {
            int at = (y * Width + x) * 3;
            return (Pixels[at] << 16) | (Pixels[at + 1] << 8) | Pixels[at + 2];
        }
    }

    private static byte[] ToRgb(byte[] grey) => [.. grey.SelectMany(value => Enumerable.Repeat(value, 3))];
}
