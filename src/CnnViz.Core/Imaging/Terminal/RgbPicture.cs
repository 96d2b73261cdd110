using CnnViz.Activations;
using TorchSharp;

namespace CnnViz.Imaging.Terminal;

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
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor planar = picture.shape[0] is 1 or 3 ? picture : torch.cat([.. picture.split(1, 0)], 2);
        torch.Tensor bytes = planar.nan_to_num(0).clamp(0, 1).mul(255).round_().to(torch.ScalarType.Byte);
        torch.Tensor interleaved = bytes.expand(3, -1, -1).permute(1, 2, 0).contiguous();
        return new RgbPicture((int)interleaved.shape[1], (int)interleaved.shape[0], interleaved.bytes.ToArray());
    }

    /// <summary>The part of an image that fires a filter.</summary>
    public static RgbPicture Of(FilterPatch patch) => new(
        patch.Width,
        patch.Height,
        patch.Channels == 3 ? patch.Pixels : [.. patch.Pixels.SelectMany(value => Enumerable.Repeat(value, 3))]);

    /// <summary>A pixel's colour as one number: 0xRRGGBB.</summary>
    public int this[int x, int y]
    {
        get
        {
            int at = (y * Width + x) * 3;
            return (Pixels[at] << 16) | (Pixels[at + 1] << 8) | Pixels[at + 2];
        }
    }
}
