using CnnViz.Ascent;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>
/// Power of pictures of one size by frequency, whatever the direction: mean power spectral density in bands of half an octave, from
/// half a cycle a pixel downwards, along each of the <see cref="ColourAxes"/>. White noise of variance v has v in every band.
/// </summary>
internal sealed class RadialSpectrum
{
    // Longer waves than half the picture's side cannot be told from its brightness.
    private const double LongestWave = 0.5;

    private readonly long _height;
    private readonly long _width;

    // Band of each bin of the transform; Bands for those outside all.
    private readonly long[] _bandOfBin;
    private readonly double[] _frequencyOfBin;

    public RadialSpectrum(long channels, long height, long width)
    {
        (Channels, _height, _width) = (channels, height, width);
        double lowest = 1 / (LongestWave * Math.Min(height, width));
        Bands = (int)Math.Max(0, Math.Floor(2 * Math.Log2(0.5 / lowest) + 1e-9));
        _frequencyOfBin = [.. Frequencies()];
        _bandOfBin = [.. _frequencyOfBin.Select(BandOf)];
        BinsOfBand = new int[Bands];
        foreach (long band in _bandOfBin.Where(band => band < Bands))
        {
            BinsOfBand[band]++;
        }
    }

    public long Channels { get; }

    /// <summary>Number of bands; the first is the finest.</summary>
    public int Bands { get; }

    /// <summary>Number of bins of the transform in each band.</summary>
    public int[] BinsOfBand { get; }

    /// <summary>The power of a picture.</summary>
    /// <param name="picture">C×H×W, 0…1.</param>
    /// <returns>Axes × bands.</returns>
    public double[][] Of(torch.Tensor picture)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor axes = ColourAxes.Decorrelate(picture).to(torch.ScalarType.Float64);

        // A window that ends in zero, as opposite edges of a picture do not meet.
        torch.Tensor window = Hann(_height).unsqueeze(1) * Hann(_width).unsqueeze(0);
        torch.Tensor centred = axes - (axes * window).sum([1, 2], keepdim: true) / window.sum();
        torch.Tensor power = torch.fft.fft2(centred * window).abs().Square() / window.Square().sum();
        torch.Tensor sums = torch.zeros([Channels, Bands + 1], torch.ScalarType.Float64)
            .IndexAdd(1, torch.tensor(_bandOfBin), power.flatten(1));
        double[] values = [.. sums.data<double>()];
        return
        [
            .. Enumerable.Range(0, (int)Channels)
                .Select(axis => BinsOfBand.Select((bins, band) => values[axis * (Bands + 1) + band] / bins).ToArray()),
        ];
    }

    /// <summary>The power of natural images, up to a factor.</summary>
    /// <returns>Axes × bands.</returns>
    public double[][] OfNature()
    {
        var power = new double[Channels][];
        for (int axis = 0; axis < Channels; axis++)
        {
            power[axis] = new double[Bands];
            for (int bin = 0; bin < _bandOfBin.Length; bin++)
            {
                if (_bandOfBin[bin] < Bands)
                {
                    double amplitude = NaturalSpectrum.Amplitude(Channels, axis, _frequencyOfBin[bin]);
                    power[axis][_bandOfBin[bin]] += amplitude * amplitude / BinsOfBand[_bandOfBin[bin]];
                }
            }
        }

        return power;
    }

    /// <summary>The whole of the power, over all bins of all bands.</summary>
    /// <param name="power">The power of one axis, by band.</param>
    public double Total(double[] power) => power.Zip(BinsOfBand, (value, bins) => value * bins).Sum();

    // Zero half a pixel beyond the first and the last.
    private static torch.Tensor Hann(long length) => torch.tensor(
        [.. Enumerable.Range(0, (int)length).Select(i => 0.5 - 0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / length))],
        torch.ScalarType.Float64);

    private IEnumerable<double> Frequencies()
    {
        for (long row = 0; row < _height; row++)
        {
            double down = (double)Math.Min(row, _height - row) / _height;
            for (long column = 0; column < _width; column++)
            {
                double across = (double)Math.Min(column, _width - column) / _width;
                yield return Math.Sqrt(down * down + across * across);
            }
        }
    }

    private long BandOf(double frequency)
    {
        if (frequency is 0 or > 0.5)
        {
            return Bands;
        }

        return (long)Math.Min(Bands, Math.Floor(2 * Math.Log2(0.5 / frequency) + 1e-9));
    }
}
