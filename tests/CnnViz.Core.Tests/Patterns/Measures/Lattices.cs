using TorchSharp;

namespace CnnViz.Tests.Patterns.Measures;

/// <summary>Pictures that are told by two perpendicular waves.</summary>
internal static class Lattices
{
    private const double Tilt = 15;
    private const double Tolerance = 20;

    // Below it there is uneven light, in cycles a picture.
    private const double Lowest = 2;

    /// <summary>The part of the power in waves that run across and down.</summary>
    public static double OnAxes(torch.Tensor picture) => new Spectrum(Contrast.Planes(picture)).OnCross(0, Tilt, 1.5, Lowest);

    /// <summary>Waves along both diagonals, although the edges lie and stand.</summary>
    public static double Checkerboard(torch.Tensor picture) =>
        new Spectrum(Contrast.Planes(picture)).OnCross(45, Tilt, 2, Lowest + 0.5) * Upright(picture);

    /// <summary>Waves across and down, and edges that lie and stand.</summary>
    public static double Grid(torch.Tensor picture) => OnAxes(picture) * Upright(picture);

    /// <summary>Waves across and down, although the edges rise and fall, at about 30° from the upright.</summary>
    public static double Diamonds(torch.Tensor picture)
    {
        Edges edges = Edges.OfColours(picture);
        return OnAxes(picture) * 2 * Math.Min(edges.Across(32, Tolerance), edges.Across(-32, Tolerance));
    }

    /// <summary>Waves across and down that add up: many places are half bright, where only one of two threads passes.</summary>
    public static double Plaid(torch.Tensor picture)
    {
        const double ThirdOfPlaces = 0.33;
        double waves = new Spectrum(Contrast.Planes(picture)).OnCross(0, Tilt, 1.2, Lowest);
        return waves * Math.Min(1, Textures.HalfBright(picture) / ThirdOfPlaces);
    }

    private static double Upright(torch.Tensor picture)
    {
        Edges edges = Edges.OfColours(picture);
        return edges.Across(0, Tolerance) + edges.Across(90, Tolerance);
    }
}
