using TorchSharp;

namespace CnnViz.Quality;

/// <summary>
/// How far a picture's spectrum is from that of natural images, in decades of amplitude: the root mean square, over bands of half an
/// octave and over colour axes, of log10(picture's amplitude / nature's amplitude). Nature's is scaled to the picture's whole power on
/// each axis, so that neither contrast nor saturation counts, and has the rounding to 8 bits added that every saved picture has.
/// </summary>
internal static class SpectralDistance
{
    // An axis that has not this much more power than its rounding shows nothing: a grey picture's colours.
    private const double LeastSignal = 4;

    // The variance of what rounding to 255ths adds.
    private const double Rounding = 1.0 / 12 / 255 / 255;

    /// <summary>The distance.</summary>
    /// <param name="spectrum">For pictures of this size.</param>
    /// <param name="picture">Power of the picture: axes × bands.</param>
    /// <param name="nature">Power of natural images up to a factor for each axis: axes × bands.</param>
    /// <returns>0 or above; null where the picture is too small to have bands, or shows nothing.</returns>
    public static double? Of(RadialSpectrum spectrum, double[][] picture, double[][] nature)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        double[] gains = [.. ColourAxes.NoiseGain(spectrum.Channels).to(torch.ScalarType.Float64).data<double>()];
        var squares = new List<double>();
        for (int axis = 0; axis < picture.Length; axis++)
        {
            double noise = Rounding * gains[axis];
            double total = spectrum.Total(picture[axis]);
            double noiseTotal = noise * spectrum.BinsOfBand.Sum();
            if (total < LeastSignal * noiseTotal)
            {
                continue;
            }

            double factor = (total - noiseTotal) / spectrum.Total(nature[axis]);
            squares.AddRange(picture[axis].Zip(nature[axis], (own, natural) =>
                Math.Pow(0.5 * Math.Log10(Math.Max(own, noise) / (factor * natural + noise)), 2)));
        }

        return squares.Count > 0 && squares.All(double.IsFinite) ? Math.Sqrt(squares.Average()) : null;
    }
}
