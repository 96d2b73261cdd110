using TorchSharp;

namespace CnnViz.Tests.Patterns.Measures;

/// <summary>The waves that the colours of a picture are made of. Frequencies are in cycles a picture.</summary>
internal sealed class Spectrum
{
    private readonly torch.Tensor _power;
    private readonly torch.Tensor _right;
    private readonly torch.Tensor _down;
    private readonly torch.Tensor _radius;

    /// <summary>The spectrum of planes under a Hann window.</summary>
    /// <param name="planes">C×H×W.</param>
    public Spectrum(torch.Tensor planes)
    {
        long height = planes.shape[^2];
        long width = planes.shape[^1];
        torch.Tensor window = torch.hann_window(height).unsqueeze(1) * torch.hann_window(width).unsqueeze(0);

        // A window lets a mean appear at low frequencies, so the mean under the window goes first.
        torch.Tensor mean = (planes * window).sum([1, 2], true) / window.sum();
        _power = torch.fft.fft2((planes - mean) * window).abs().square().sum([0]);
        _down = (torch.fft.fftfreq(height) * height).unsqueeze(1).expand(height, width);
        _right = (torch.fft.fftfreq(width) * width).unsqueeze(0).expand(height, width);
        _radius = (_down.square() + _right.square()).sqrt();
    }

    /// <summary>The part of the power between two frequencies.</summary>
    public double Share(double low, double high) => (_power * Between(low, high)).sum().ToDouble() / (_power.sum().ToDouble() + 1e-12);

    /// <summary>
    /// Geometric by arithmetic mean of the power between two frequencies, each multiplied with the frequency to an exponent: 0.56 for
    /// white noise, 0 for pure waves (Wiener's spectral flatness).
    /// </summary>
    public double Flatness(double low, double high, double exponent = 0)
    {
        torch.Tensor within = (_power * _radius.pow(exponent))[Between(low, high) > 0];
        return (within.clamp_min(1e-12).log().mean().exp() / within.mean()).ToDouble();
    }

    /// <summary>The exponent by which the power changes with the frequency: 0 for white noise, −3 or less for clouds.</summary>
    public double Slope(double low, double high)
    {
        torch.Tensor band = Between(low, high) > 0;
        torch.Tensor x = _radius[band].log();
        torch.Tensor y = _power[band].clamp_min(1e-12).log();
        torch.Tensor weight = _radius[band].reciprocal();
        x -= (weight * x).sum() / weight.sum();
        return ((weight * x * y).sum() / (weight * x * x).sum()).ToDouble();
    }

    /// <summary>
    /// The power on two perpendicular lines through the origin, as a part of all: twice that of the weaker line, for the best of the
    /// allowed directions.
    /// </summary>
    /// <param name="degrees">Direction of a line.</param>
    /// <param name="tilt">How many degrees the lines may be turned from there.</param>
    /// <param name="width">How far from the line a frequency may be.</param>
    /// <param name="low">The least frequency.</param>
    public double OnCross(double degrees, double tilt, double width, double low)
    {
        torch.Tensor counted = _power * Between(low, double.MaxValue);
        double total = counted.sum().ToDouble() + 1e-12;
        double best = 0;
        for (double turn = degrees - tilt; turn <= degrees + tilt; turn += 1.5)
        {
            (double sin, double cos) = Math.SinCos(turn * Math.PI / 180);
            double first = On(sin * _right - cos * _down);
            double second = On(cos * _right + sin * _down);
            best = Math.Max(best, 2 * Math.Min(first, second) / total);
        }

        return best;

        double On(torch.Tensor distance) => (counted * (distance.abs() <= width).to(torch.ScalarType.Float32)).sum().ToDouble();
    }

    private torch.Tensor Between(double low, double high) =>
        ((_radius >= low) & (_radius <= high)).to(torch.ScalarType.Float32);
}
