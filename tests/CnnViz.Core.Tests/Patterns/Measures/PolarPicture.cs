using TorchSharp;

namespace CnnViz.Tests.Patterns.Measures;

/// <summary>
/// Discs of a picture unrolled around a centre, and decomposed into waves that run outwards and around. The centre is where what is
/// looked for is strongest, and so is the size of the disc: a texture may have several centres.
/// </summary>
internal static class PolarPicture
{
    private const int Angles = 48;
    private const int MostArms = 3;
    private const int FewestRays = 5;
    private const int SlowestRings = 3;

    // How far from the edge centres are looked for, and how densely at first; in the coordinates of grid_sample, −1…1.
    private const double Margin = 0.25;
    private const double Step = 5.0 / 64;

    // Radii of the discs as parts of the picture's side: one for a picture that shows one centre, one for a texture of several.
    private static readonly double[] Reaches = [0.22, 0.36];

    /// <summary>
    /// The part of the variance that depends on the distance from the centre alone, and changes at least one and a half times on the
    /// way outwards, which a single round spot does not.
    /// </summary>
    public static double Rings(torch.Tensor picture) => Best(picture, unrolled =>
    {
        long radii = unrolled.shape[2];
        torch.Tensor area = Area(radii);
        torch.Tensor profile = unrolled.mean([3], true);
        for (int order = 0; order < SlowestRings; order++)
        {
            torch.Tensor wave = (Distances(radii) * (Math.PI * order / radii)).cos().reshape(1, 1, -1, 1);
            profile -= (profile * wave).mean([2], true) / wave.square().mean() * wave;
        }

        return (profile.square() * area).mean([1, 2, 3]) / Variance(unrolled, area);
    });

    /// <summary>The part of the variance that depends on the direction from the centre alone, and changes fast with it.</summary>
    public static double Rays(torch.Tensor picture) => Best(picture, unrolled =>
    {
        torch.Tensor area = Area(unrolled.shape[2]);
        torch.Tensor around = torch.fft.fft_((unrolled * area).mean([2]), -1, -1).abs().square() / ((long)Angles * Angles);
        return 2 * around[.., .., FewestRays..(Angles * 2 / 5)].sum([2]).mean([1]) / Variance(unrolled, area);
    });

    /// <summary>The part of the power in one to three arms that wind one way, less that in arms that wind the other way.</summary>
    public static double Spiral(torch.Tensor picture) => Best(picture, unrolled =>
    {
        // Arms of one sense have one sign of the product of the frequencies outwards and around.
        int radii = (int)unrolled.shape[2];
        torch.Tensor window = (torch.hann_window(radii, false).reshape(1, 1, -1, 1) * Area(radii)).sqrt();
        torch.Tensor power = torch.fft.fft2(unrolled * window).abs().square().sum([1]);
        torch.Tensor oneWay = power[.., 1..(radii / 2), 1..(MostArms + 1)].sum([1, 2]);
        torch.Tensor otherWay = power[.., 1..(radii / 2), (Angles - MostArms)..].sum([1, 2]);
        return 2 * (oneWay - otherWay).abs() / (power.sum([1, 2]) + 1e-9);
    });

    private static double Best(torch.Tensor picture, Func<torch.Tensor, torch.Tensor> score)
    {
        torch.Tensor planes = Contrast.FlatPlanes(picture);
        return Reaches.Max(reach =>
        {
            torch.Tensor coarse = Grid(1 - 2 * Margin, Step);
            torch.Tensor best = coarse[score(Unroll(planes, reach, coarse)).argmax().ToInt64()];
            return score(Unroll(planes, reach, best + Grid(Step, Step / 4))).max().ToDouble();
        });
    }

    // Centres × C × radii × angles, each with mean 0.
    private static torch.Tensor Unroll(torch.Tensor planes, double reach, torch.Tensor centres)
    {
        long side = Math.Min(planes.shape[^2], planes.shape[^1]);
        int radii = (int)Math.Round(Math.Min(reach * side, 24));
        torch.Tensor distance = Distances(radii).unsqueeze(1) * (2 * reach / radii);
        torch.Tensor angle = (torch.arange(Angles).to(torch.ScalarType.Float32) * (2 * Math.PI / Angles)).unsqueeze(0);
        torch.Tensor offset = torch.stack([distance * angle.cos(), distance * angle.sin()], 2).unsqueeze(0);
        torch.Tensor unrolled = torch.nn.functional.grid_sample(
            planes.unsqueeze(0).expand(centres.shape[0], planes.shape[0], planes.shape[1], planes.shape[2]),
            offset + centres.reshape(-1, 1, 1, 2),
            torch.GridSampleMode.Bilinear,
            torch.GridSamplePaddingMode.Reflection,
            false);
        return unrolled - (unrolled * Area(radii)).mean([2, 3], true);
    }

    private static torch.Tensor Distances(long radii) => torch.arange(radii).to(torch.ScalarType.Float32) + 0.5;

    // A ring has pixels in proportion to its radius.
    private static torch.Tensor Area(long radii) => (Distances(radii) * (2.0 / radii)).reshape(1, 1, -1, 1);

    private static torch.Tensor Variance(torch.Tensor unrolled, torch.Tensor area) =>
        (unrolled.square() * area).mean([1, 2, 3]) + 1e-9;

    // Points around the origin, as far as the reach to all sides.
    private static torch.Tensor Grid(double reach, double step)
    {
        torch.Tensor line = torch.arange(-reach, reach + step / 2, step).to(torch.ScalarType.Float32);
        torch.Tensor across = line.unsqueeze(0).expand(line.shape[0], line.shape[0]);
        return torch.stack([across, across.t()], 2).reshape(-1, 2);
    }
}
