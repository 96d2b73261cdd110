using CnnViz.Networks;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Ascent;

/// <summary>Pictures brought to the size that a network takes.</summary>
internal static class CentralView
{
    /// <summary>The largest part in the middle that has the wanted shape, resized: shrunk by areas, enlarged bilinearly.</summary>
    /// <param name="pictures">N×C×H×W.</param>
    /// <param name="size">The wanted size.</param>
    /// <returns>N×C×height×width; belongs to the caller's dispose scope.</returns>
    public static torch.Tensor Of(torch.Tensor pictures, Extent size)
    {
        (long height, long width) = (pictures.shape[2], pictures.shape[3]);
        long tall = Math.Clamp(width * size.Height / size.Width, 1, height);
        long wide = Math.Clamp(height * size.Width / size.Height, 1, width);
        torch.Tensor middle = pictures.narrow(2, (height - tall) / 2, tall).narrow(3, (width - wide) / 2, wide);
        return tall < size.Height
            ? interpolate(middle, size.ToArray(), mode: torch.InterpolationMode.Bilinear, align_corners: false)
            : interpolate(middle, size.ToArray(), mode: torch.InterpolationMode.Area);
    }
}
