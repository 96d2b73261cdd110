using TorchSharp;

namespace CnnViz.Tests.Patterns;

/// <summary>Measures of a picture that know nothing of any network.</summary>
internal static class PictureMeasures
{
    /// <summary>Brightness, H×W, with mean 0 and standard deviation 1.</summary>
    /// <param name="picture">3×H×W, 0…1.</param>
    public static torch.Tensor Brightness(torch.Tensor picture)
    {
        torch.Tensor weights = torch.tensor(new[] { 0.299f, 0.587f, 0.114f }).reshape(3, 1, 1);
        torch.Tensor luma = (picture * weights).sum([0]);
        return (luma - luma.mean()) / (luma.std() + 1e-6f);
    }

    /// <summary>
    /// Direction of the strongest waves in degrees, 0…180: 0 for waves that go from left to right (vertical stripes), 90 for
    /// waves that go down, 45 for waves that go to the upper right.
    /// </summary>
    /// <remarks>The mean of the doubled angle, weighted by spectral power, without the finest quarter of the frequencies.</remarks>
    public static double WaveDirection(torch.Tensor picture) => Waves(Brightness(picture)).Direction;

    /// <summary>As <see cref="WaveDirection"/>, and how much the waves agree on it: 0 for waves in all directions, 1 for one.</summary>
    /// <param name="plane">H×W with mean 0.</param>
    public static (double Direction, double Clarity) Waves(torch.Tensor plane)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor power, torch.Tensor radius, torch.Tensor angle) = Spectrum(plane);
        torch.Tensor weight = power * (radius < 0.375 * plane.shape[0]).to(torch.ScalarType.Float32);
        double across = (weight * (2 * angle).cos()).sum().ToDouble();
        double down = (weight * (2 * angle).sin()).sum().ToDouble();
        double degrees = Math.Atan2(down, across) * 90 / Math.PI;
        return ((degrees + 180) % 180, Math.Sqrt(across * across + down * down) / weight.sum().ToDouble());
    }

    /// <summary>The hue of the most colourful pixels in degrees: each weighs as much as the cube of its chroma.</summary>
    public static double Hue(torch.Tensor picture)
    {
        using DisposeScope scope = torch.NewDisposeScope();

        // On the plane across the grey axis the hue is an angle and the chroma a length.
        torch.Tensor across = 2 * picture[0] - picture[1] - picture[2];
        torch.Tensor up = Math.Sqrt(3) * (picture[1] - picture[2]);
        torch.Tensor weight = across.square() + up.square();
        double degrees = Math.Atan2((weight * up).sum().ToDouble(), (weight * across).sum().ToDouble()) * 180 / Math.PI;
        return (degrees + 360) % 360;
    }

    /// <summary>Difference of two angles on a circle of the given length.</summary>
    public static double AngleBetween(double a, double b, double circle)
    {
        double difference = Math.Abs(a - b) % circle;
        return Math.Min(difference, circle - difference);
    }

    private static (torch.Tensor Power, torch.Tensor Radius, torch.Tensor Angle) Spectrum(torch.Tensor brightness)
    {
        long height = brightness.shape[^2];
        long width = brightness.shape[^1];
        torch.Tensor window = torch.hann_window(height).unsqueeze(1) * torch.hann_window(width).unsqueeze(0);
        torch.Tensor power = torch.fft.fft2(brightness * window).abs().square();
        torch.Tensor down = (torch.fft.fftfreq(height) * height).unsqueeze(1);
        torch.Tensor across = (torch.fft.fftfreq(width) * width).unsqueeze(0);

        // Rows count downwards; angles go up.
        torch.Tensor angle = torch.atan2((-down).expand(height, width), across.expand(height, width));
        torch.Tensor radius = (down.square() + across.square()).sqrt();
        return (power * (radius > 0.5).to(torch.ScalarType.Float32), radius, angle);
    }
}
