namespace CnnViz.Quality;

/// <summary>The mean power of pictures by frequency, each of which counts the same however strong its contrast is.</summary>
/// <param name="spectrum">For pictures of their size.</param>
internal sealed class MeanSpectrum(RadialSpectrum spectrum)
{
    /// <summary>Axes × bands, up to a factor for each axis.</summary>
    public double[][] Power { get; } = [.. Enumerable.Range(0, (int)spectrum.Channels).Select(_ => new double[spectrum.Bands])];

    /// <summary>Takes a picture's power in: axes × bands.</summary>
    public void Add(double[][] power)
    {
        for (int axis = 0; axis < power.Length; axis++)
        {
            double total = spectrum.Total(power[axis]);
            for (int band = 0; band < spectrum.Bands && total > 0; band++)
            {
                Power[axis][band] += power[axis][band] / total;
            }
        }
    }
}
