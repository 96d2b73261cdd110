using TorchSharp;

namespace CnnViz.Tests.Patterns.Measures;

/// <summary>
/// A disc of a picture unrolled around a centre, and decomposed into waves that run outwards and around. The centre is where what is
/// looked for is strongest.
/// </summary>
internal sealed class PolarPicture
{
    private const int Angles = 96;
    private const int MostArms = 3;
    private const int FewestRays = 5;

    /// <summary>Unrolls.</summary>
    /// <param name="planes">C×H×W.</param>
    /// <param name="radius">Of the disc, as a part of the picture's shorter side.</param>
    public PolarPicture(torch.Tensor planes, double radius)
    {
        long height = planes.shape[^2];
        long width = planes.shape[^1];
        double reach = radius * Math.Min(height, width);
        int radii = (int)Math.Round(reach);
        torch.Tensor distance = (torch.arange(radii).to(torch.ScalarType.Float32) + 0.5) * (reach / radii);
        torch.Tensor angle = torch.arange(Angles).to(torch.ScalarType.Float32) * (2 * Math.PI / Angles);
        torch.Tensor right = distance.unsqueeze(1) * angle.cos().unsqueeze(0) * (2.0 / width);
        torch.Tensor down = distance.unsqueeze(1) * angle.sin().unsqueeze(0) * (2.0 / height);
        torch.Tensor centres = Centres(Math.Max(0.2, radius - 0.12), Math.Max(1.5 / Math.Min(height, width), 0.02));
        long count = centres.shape[0];
        torch.Tensor grid = torch.stack(
            [right.unsqueeze(0) + centres[.., 0].reshape(-1, 1, 1), down.unsqueeze(0) + centres[.., 1].reshape(-1, 1, 1)],
            3);
        torch.Tensor unrolled = torch.nn.functional.grid_sample(
            planes.unsqueeze(0).expand(count, planes.shape[0], height, width),
            grid,
            torch.GridSampleMode.Bilinear,
            torch.GridSamplePaddingMode.Reflection,
            false);

        // A ring has pixels in proportion to its radius.
        torch.Tensor area = (distance / distance.mean()).reshape(1, 1, -1, 1);
        unrolled -= (unrolled * area).mean([2, 3], true);
        torch.Tensor whole = (unrolled.square() * area).mean([1, 2, 3]) + 1e-9;

        torch.Tensor profile = unrolled.mean([3], true);
        Rings = Best((profile.square() * area).mean([1, 2, 3]) / whole);

        torch.Tensor around = torch.fft.fft_((unrolled * area).mean([2]), -1, dim: -1).abs().square() / ((long)Angles * Angles);
        Rays = Best(2 * around[.., .., FewestRays..(Angles / 3)].sum([2]).mean([1]) / whole);

        // Radial waves under a window; arms of one sense have one sign of the product of the two frequencies.
        torch.Tensor window = torch.hann_window(radii, false).sqrt().reshape(1, 1, -1, 1) * area.sqrt();
        torch.Tensor power = torch.fft.fft2(unrolled * window).abs().square().sum([1]);
        torch.Tensor total = power.sum([1, 2]) + 1e-9;
        long half = radii / 2;
        torch.Tensor outward = power[.., 1..(int)half, 1..(MostArms + 1)].sum([1, 2]);
        torch.Tensor inward = power[.., 1..(int)half, (Angles - MostArms)..].sum([1, 2]);
        Spiral = Best(2 * (outward - inward).abs() / total);

        double Best(torch.Tensor values) => values.max().ToDouble();
    }

    /// <summary>The part of the variance that depends on the distance from the centre alone.</summary>
    public double Rings { get; }

    /// <summary>The part of the variance that depends on the direction from the centre alone, and changes fast with it.</summary>
    public double Rays { get; }

    /// <summary>The part of the power in one to three arms that wind one way, less that in arms that wind the other way.</summary>
    public double Spiral { get; }

    private static torch.Tensor Centres(double margin, double step)
    {
        margin = Math.Min(margin, 0.3);
        var centres = new List<float>();
        for (double y = margin; y <= 1 - margin; y += step)
        {
            for (double x = margin; x <= 1 - margin; x += step)
            {
                centres.Add((float)(2 * x - 1));
                centres.Add((float)(2 * y - 1));
            }
        }

        return torch.tensor(centres.ToArray(), [centres.Count / 2, 2]);
    }
}
