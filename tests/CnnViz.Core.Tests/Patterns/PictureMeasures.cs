using CnnViz.Models.Operators;
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
        torch.Tensor luma = (picture * weights).sum(0);
        return (luma - luma.mean()) / (luma.std() + 1e-6f);
    }

    /// <summary>
    /// Direction of the strongest waves in degrees, 0…180: 0 for waves that go from left to right (vertical stripes), 90 for
    /// waves that go down, 45 for waves that go to the upper right.
    /// </summary>
    /// <remarks>The mean of the doubled angle, weighted by spectral power, without the finest quarter of the frequencies.</remarks>
    public static double WaveDirection(torch.Tensor picture)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor power, torch.Tensor radius, torch.Tensor angle) = Spectrum(Brightness(picture));
        torch.Tensor weight = power * (radius < 0.375 * picture.shape[1]).to(torch.ScalarType.Float32);
        double across = (weight * (2 * angle).cos()).sum().ToDouble();
        double down = (weight * (2 * angle).sin()).sum().ToDouble();
        double degrees = Math.Atan2(down, across) * 90 / Math.PI;
        return (degrees + 180) % 180;
    }

    /// <summary>The mean hue in degrees, each pixel weighted by its chroma.</summary>
    public static double Hue(torch.Tensor picture)
    {
        using DisposeScope scope = torch.NewDisposeScope();

        // On the plane across the grey axis the hue is an angle and the chroma a length.
        double red = picture[0].mean().ToDouble();
        double green = picture[1].mean().ToDouble();
        double blue = picture[2].mean().ToDouble();
        double degrees = Math.Atan2(Math.Sqrt(3) * (green - blue), 2 * red - green - blue) * 180 / Math.PI;
        return (degrees + 360) % 360;
    }

    /// <summary>Difference of two angles on a circle of the given length.</summary>
    public static double AngleBetween(double a, double b, double circle)
    {
        double difference = Math.Abs(a - b) % circle;
        return Math.Min(difference, circle - difference);
    }

    /// <summary>
    /// Numbers that tell patterns apart: power by frequency and direction, edges by direction, how far circles or rays around
    /// some centre explain the picture, and the shape of the histogram.
    /// </summary>
    public static float[] Features(torch.Tensor picture)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor brightness = Brightness(picture);
        (torch.Tensor power, torch.Tensor radius, torch.Tensor angle) = Spectrum(brightness);
        double[] edges = [0.5, 1.5, 2.5, 4, 6, 9, 13, 20, 32];
        var features = new List<float>();
        torch.Tensor total = power.sum() + 1e-6f;
        for (int ring = 0; ring + 1 < edges.Length; ring++)
        {
            torch.Tensor inRing = (radius >= edges[ring]) & (radius < edges[ring + 1]);
            for (int sector = 0; sector < 12; sector++)
            {
                torch.Tensor offset = (angle - sector * Math.PI / 12).remainder(Math.PI);
                torch.Tensor inSector = (offset < Math.PI / 24) | (offset >= Math.PI * 23 / 24);
                features.Add(((power * (inRing & inSector).to(torch.ScalarType.Float32)).sum() / total + 1e-4f).log().ToSingle());
            }
        }

        features.Add(power.amax().ToSingle() / total.ToSingle());
        features.AddRange([Explained(brightness, byAngle: false), Explained(brightness, byAngle: true)]);
        features.AddRange([brightness.pow(3).mean().ToSingle(), brightness.pow(4).mean().ToSingle()]);
        features.AddRange(new[] { -1.5f, -0.75f, 0f, 0.75f, 1.5f }.Select(level => (brightness < level).to(torch.ScalarType.Float32).mean().ToSingle()));
        features.AddRange([Roughness(brightness, 1), Roughness(brightness, 2), Roughness(brightness, 4)]);
        return [.. features];
    }

    private static (torch.Tensor Power, torch.Tensor Radius, torch.Tensor Angle) Spectrum(torch.Tensor brightness)
    {
        long height = brightness.shape[0];
        long width = brightness.shape[1];
        torch.Tensor window = torch.hann_window(height).unsqueeze(1) * torch.hann_window(width).unsqueeze(0);
        torch.Tensor power = torch.fft.fft2(brightness * window).abs().square();
        torch.Tensor down = (torch.fft.fftfreq(height) * height).unsqueeze(1);
        torch.Tensor across = (torch.fft.fftfreq(width) * width).unsqueeze(0);

        // Rows count downwards; angles go up.
        torch.Tensor angle = torch.atan2((-down).expand(height, width), across.expand(height, width));
        torch.Tensor radius = (down.square() + across.square()).sqrt();
        return (power * (radius > 0.5).to(torch.ScalarType.Float32), radius, angle);
    }

    // The largest part of the variance that the mean over each circle (or ray) around a centre explains.
    private static float Explained(torch.Tensor brightness, bool byAngle)
    {
        long size = brightness.shape[0];
        torch.Tensor flat = brightness.flatten();
        torch.Tensor rows = torch.arange(size, torch.ScalarType.Float32).unsqueeze(1).expand(size, size);
        torch.Tensor columns = torch.arange(brightness.shape[1], torch.ScalarType.Float32).unsqueeze(0).expand(size, size);
        float best = 0;
        for (double y = 0.25; y <= 0.75; y += 0.125)
        {
            for (double x = 0.25; x <= 0.75; x += 0.125)
            {
                torch.Tensor down = rows - (float)(y * size);
                torch.Tensor across = columns - (float)(x * size);
                torch.Tensor position = byAngle
                    ? (torch.atan2(down, across) + Math.PI) * (32 / Math.PI)
                    : (down.square() + across.square()).sqrt();
                torch.Tensor bins = position.to(torch.ScalarType.Int64).flatten();
                torch.Tensor sums = torch.zeros(128).index_add(0, bins, flat, 1);
                torch.Tensor counts = torch.zeros(128).index_add(0, bins, torch.ones_like(flat), 1);
                best = Math.Max(best, ((sums.square() / counts.clamp_min(1)).sum() / flat.square().sum()).ToSingle());
            }
        }

        return best;
    }

    private static float Roughness(torch.Tensor brightness, long distance) =>
        (brightness.narrow(0, distance, brightness.shape[0] - distance) - brightness.narrow(0, 0, brightness.shape[0] - distance))
        .abs().mean().ToSingle();
}
