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
        torch.Tensor luma = (picture * weights).sum([0]);
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

    /// <summary>
    /// Numbers that tell patterns apart: power by frequency and direction, how far circles or rays around some centre explain the
    /// picture, and the spread of its values. Taken on blurred pictures: what the eye sees from a step back.
    /// </summary>
    /// <param name="pictures">N×3×S×S, 0…1.</param>
    /// <returns>N×features.</returns>
    public static torch.Tensor Features(torch.Tensor pictures)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long size = pictures.shape[2];
        torch.Tensor brightness = Blur(torch.stack(pictures.unbind(0).Select(Brightness)), sigma: 1.2);
        brightness = brightness / (brightness.std([1, 2], keepdim: true) + 1e-6f);
        torch.Tensor flat = brightness.flatten(1);

        (torch.Tensor power, torch.Tensor radius, torch.Tensor angle) = Spectrum(brightness);
        torch.Tensor shares = power.flatten(1);
        shares = shares / (shares.sum([1], keepdim: true) + 1e-6f);
        torch.Tensor byBand = (shares.matmul(Bands(radius, angle).t()) + 1e-3f).log();

        torch.Tensor circles = Explained(flat, Positions(size, (down, across) => (down.square() + across.square()).sqrt()));
        torch.Tensor rays = Explained(flat, Positions(size, (down, across) => (torch.atan2(down, across) + Math.PI) * (24 / Math.PI)));
        torch.Tensor moments = torch.stack([flat.pow(3).mean([1]), flat.pow(4).mean([1])], 1);
        return torch.cat([byBand, circles, rays, moments], 1).MoveToOuterDisposeScope();
    }

    // One row a band: a ring of frequencies, in one of twelve directions.
    private static torch.Tensor Bands(torch.Tensor radius, torch.Tensor angle)
    {
        double[] edges = [0.5, 1.5, 2.5, 4, 6, 9, 13];
        return torch.stack(
            from ring in Enumerable.Range(0, edges.Length - 1)
            from sector in Enumerable.Range(0, 12)
            let offset = (angle - sector * Math.PI / 12).remainder(Math.PI)
            let inSector = (offset < Math.PI / 24) | (offset >= Math.PI * 23 / 24)
            select ((radius >= edges[ring]) & (radius < edges[ring + 1]) & inSector).to(torch.ScalarType.Float32).flatten());
    }

    // For centres on a grid, the place of each pixel in a series of circles or rays.
    private static IEnumerable<torch.Tensor> Positions(long size, Func<torch.Tensor, torch.Tensor, torch.Tensor> place)
    {
        torch.Tensor rows = torch.arange(size).to(torch.ScalarType.Float32).unsqueeze(1).expand(size, size);
        torch.Tensor columns = rows.t();
        foreach (double y in new[] { 0.25, 0.375, 0.5, 0.625, 0.75 })
        {
            foreach (double x in new[] { 0.25, 0.375, 0.5, 0.625, 0.75 })
            {
                yield return place(rows - (float)(y * size), columns - (float)(x * size)).to(torch.ScalarType.Int64).flatten();
            }
        }
    }

    // The largest part of the variance that the mean over each circle (or ray) around a centre explains: N×1.
    private static torch.Tensor Explained(torch.Tensor flat, IEnumerable<torch.Tensor> positions) => torch.stack(positions.Select(position =>
    {
        torch.Tensor member = torch.nn.functional.one_hot(position).to(torch.ScalarType.Float32);
        torch.Tensor sums = flat.matmul(member);
        return (sums.square() / member.sum([0]).clamp_min(1)).sum([1]) / flat.square().sum([1]);
    })).amax([0]).unsqueeze(1);

    private static torch.Tensor Blur(torch.Tensor brightness, double sigma)
    {
        torch.Tensor offsets = torch.arange(-4, 5).to(torch.ScalarType.Float32);
        torch.Tensor kernel = (offsets.square() / (-2 * sigma * sigma)).exp();
        kernel = kernel / kernel.sum();
        torch.Tensor padded = torch.nn.functional.pad(brightness.unsqueeze(1), [4, 4, 4, 4], PaddingModes.Reflect);
        torch.Tensor once = torch.nn.functional.conv2d(padded, kernel.reshape(1, 1, 9, 1));
        return torch.nn.functional.conv2d(once, kernel.reshape(1, 1, 1, 9)).squeeze(1);
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
