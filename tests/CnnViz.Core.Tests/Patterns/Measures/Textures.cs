using System.Numerics;
using TorchSharp;

namespace CnnViz.Tests.Patterns.Measures;

/// <summary>Pictures that are told by how their power falls off with the frequency.</summary>
internal static class Textures
{
    // In cycles a picture.
    private const double Low = 2;
    private const double High = 12;
    private const double Steep = 4;

    // In pixels.
    private const double Neighbourhood = 3;

    // Of a picture without outlines about as many pixels are half bright.
    private const double Third = 0.33;

    /// <summary>The part of the power in waves longer than two thirds of the picture.</summary>
    public static double Gradient(torch.Tensor picture) => new Spectrum(Contrast.Planes(picture)).Share(0, 1.5);

    /// <summary>
    /// Evenness of the spectrum over all but the finest waves, where these have their share of the power, and neighbouring edges do
    /// not agree.
    /// </summary>
    public static double Noise(torch.Tensor picture)
    {
        const double FineShare = 0.4;
        var spectrum = new Spectrum(Contrast.Planes(picture, 0));
        double side = Math.Min(picture.shape[^2], picture.shape[^1]);
        double fine = Math.Min(1, spectrum.Share(side / 8, side) / FineShare);
        return spectrum.Flatness(Low, side / 6) * fine * (1 - Edges.OfColours(picture).Flow(Neighbourhood).Agreement);
    }

    /// <summary>A spectrum that falls off steeply and without peaks, with no special direction and no outlines.</summary>
    public static double Clouds(torch.Tensor picture)
    {
        var spectrum = new Spectrum(Contrast.Planes(picture));
        (_, Complex second, _) = Edges.OfColours(picture).Flow(Neighbourhood);
        double steepness = Math.Clamp(-spectrum.Slope(Low, High) / Steep, 0, 1);
        return spectrum.Flatness(Low, High, 3) * steepness * (1 - second.Magnitude) * Math.Min(1, HalfBright(picture) / Third);
    }

    /// <summary>The part of the pixels in the middle third between dark and bright, along the strongest contrast.</summary>
    public static double HalfBright(torch.Tensor picture)
    {
        float[] sorted = [.. Contrast.FlatPlane(picture).contiguous().data<float>().ToArray().Order()];
        double low = sorted[sorted.Length / 20];
        double third = (sorted[sorted.Length - 1 - sorted.Length / 20] - low) / 3;
        return sorted.Count(value => value > low + third && value < low + 2 * third) / (double)sorted.Length;
    }
}
