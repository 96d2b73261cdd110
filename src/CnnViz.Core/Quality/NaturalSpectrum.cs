namespace CnnViz.Quality;

/// <summary>
/// How much of each frequency natural images have: amplitude A·f^−b·exp(−(f/f0)^p) along each of the <see cref="ColourAxes"/>, f in
/// cycles a pixel. The numbers are a radial fit to the mean magnitude spectrum of photos that the recipe MaCo fixes (Fel et al.,
/// "Unlocking Feature Visualization for Deeper Networks with MAgnitude Constrained Optimization", NeurIPS 2023).
/// </summary>
internal static class NaturalSpectrum
{
    private static readonly (double A, double B, double F0, double P)[] s_axes =
        [(37.6, 1.25, .300, 2.3), (32.2, 1.29, .280, 2.3), (31.5, 1.25, .300, 2.5)];

    /// <summary>The amplitude at a frequency.</summary>
    /// <param name="channels">Number of channels of the picture.</param>
    /// <param name="axis">The colour axis; all channels of a picture that is not RGB are like the first, brightness.</param>
    /// <param name="frequency">Above 0, in cycles a pixel.</param>
    public static double Amplitude(long channels, int axis, double frequency)
    {
        (double a, double b, double f0, double p) = s_axes[channels == 3 ? axis : 0];
        return a * Math.Pow(frequency, -b) * Math.Exp(-Math.Pow(frequency / f0, p));
    }
}
