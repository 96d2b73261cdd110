using TorchSharp;

namespace CnnViz.Tests.Patterns.Measures;

/// <summary>How well a picture agrees with itself when it is shifted.</summary>
internal static class Repetition
{
    private const int Neighbourhood = 5;
    private const double Nearest = 5;

    /// <summary>0 for a picture that repeats, 1 for one whose correlation with itself stays below one half.</summary>
    public static double Absence(torch.Tensor picture) => Math.Clamp(2 * (1 - Strongest(Contrast.FlatPlanes(picture), Nearest)), 0, 1);

    /// <summary>
    /// The highest correlation of the planes with themselves, shifted by more than a few pixels and less than half of the picture.
    /// </summary>
    /// <param name="planes">C×H×W, with mean 0.</param>
    /// <param name="least">The shortest shift in pixels.</param>
    public static double Strongest(torch.Tensor planes, double least)
    {
        long height = planes.shape[^2];
        long width = planes.shape[^1];
        long[] padded = [2 * height, 2 * width];
        torch.Tensor power = torch.fft.fft2(planes, padded).abs().square().sum([0]);
        torch.Tensor overlap = torch.fft.ifft2(torch.fft.fft2(torch.ones(height, width), padded).abs().square()).real;
        torch.Tensor correlation = torch.fft.ifft2(power).real / overlap.clamp_min(1);
        correlation /= correlation[0, 0].clone() + 1e-9;
        torch.Tensor down = (torch.fft.fftfreq(2 * height) * 2 * height).unsqueeze(1);
        torch.Tensor right = (torch.fft.fftfreq(2 * width) * 2 * width).unsqueeze(0);
        torch.Tensor near = (down.square() + right.square()).sqrt() < least;
        torch.Tensor far = (down.abs() > 0.5 * height) | (right.abs() > 0.5 * width);
        torch.Tensor shifted = torch.fft.fftshift(correlation.masked_fill(far, -1), [0, 1]).unsqueeze(0).unsqueeze(0);
        torch.Tensor highest = torch.nn.functional.max_pool2d(
            shifted,
            [Neighbourhood, Neighbourhood],
            [1, 1],
            [Neighbourhood / 2, Neighbourhood / 2]);
        torch.Tensor peaks = torch.where(shifted == highest, shifted, -torch.ones_like(shifted))[0, 0];
        return peaks.masked_fill(torch.fft.fftshift(near, [0, 1]), -1).max().ToDouble();
    }
}
