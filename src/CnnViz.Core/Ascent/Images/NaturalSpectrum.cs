using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// Amplitudes of natural images: A·f^−b·exp(−(f/f0)^p) along each axis on which the colours of natural images vary independently, f in
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

    /// <summary>The amplitudes of a picture's real Fourier transform; 0 for its mean.</summary>
    /// <param name="channels">Number of channels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="areAxes">Whether three channels are the colour axes; else all are like the first of them.</param>
    /// <returns>C×H×(W/2+1); belongs to the caller's dispose scope.</returns>
    public static torch.Tensor Amplitudes(long channels, long height, long width, bool areAxes)
    {
        long columns = width / 2 + 1;
        var values = new float[channels * height * columns];
        for (int i = 0; i < values.Length; i++)
        {
            long row = i / columns % height;
            double down = (double)Math.Min(row, height - row) / height;
            double across = (double)(i % columns) / width;
            double frequency = Math.Sqrt(down * down + across * across);
            values[i] = frequency == 0 ? 0 : (float)Amplitude(areAxes ? channels : 1, (int)(i / columns / height), frequency);
        }

        return torch.tensor(values, [channels, height, columns]);
    }
}
