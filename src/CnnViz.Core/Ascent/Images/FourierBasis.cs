using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// The coefficients of the images' Fourier transform, each multiplied by 1/f^decay: an equal step then changes coarse structure more
/// than fine noise, as natural images have it (Olah et al., "Feature Visualization", 2017; Lucid's <c>fft_image</c>).
/// </summary>
internal sealed class FourierBasis : IImageBasis
{
    // What Lucid divides by, so that a standard deviation of 0.01 in the coefficients is a weak, smooth start.
    private const double Attenuation = 4;

    private readonly torch.Tensor _coefficients;
    private readonly torch.Tensor _gain;
    private readonly torch.Tensor _slope;
    private readonly long[] _size;

    /// <param name="coefficients">N×C×H×(W/2+1)×2, real and imaginary parts; copied.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="width">Width of the images.</param>
    /// <param name="decay">The power of the frequency by which a coefficient's weight falls.</param>
    public FourierBasis(torch.Tensor coefficients, int height, int width, double decay)
    {
        _size = [height, width];
        _coefficients = coefficients.clone().DetachFromDisposeScope().requires_grad_();
        _gain = Gain(height, width, decay).to(coefficients.device).DetachFromDisposeScope();
        _slope = Slope(_gain, width).DetachFromDisposeScope();
    }

    public IReadOnlyList<torch.Tensor> Variables => [_coefficients];

    /// <summary>The shape of the coefficients for images of a size: C×H×(W/2+1)×2.</summary>
    public static long[] Shape(int channels, int height, int width) => [channels, height, width / 2 + 1, 2];

    /// <summary>The coefficients that stand for given raw values.</summary>
    /// <param name="raw">N×C×H×W.</param>
    /// <param name="decay">As in the constructor.</param>
    public static torch.Tensor CoefficientsOf(torch.Tensor raw, double decay)
    {
        torch.Tensor spectrum = torch.fft.rfft2(raw, norm: FFTNormType.Ortho);
        torch.Tensor gain = Gain((int)raw.shape[2], (int)raw.shape[3], decay).to(raw.device);
        return torch.view_as_real(spectrum) / gain;
    }

    public torch.Tensor Synthesize() => _coefficients.device_type == DeviceType.CPU
        ? FourierSynthesis.Apply(_coefficients, _gain, _slope, _size[1])
        : torch.fft.irfft2(torch.view_as_complex(_coefficients * _gain), _size, norm: FFTNormType.Ortho);

    public void Dispose()
    {
        _coefficients.Dispose();
        _gain.Dispose();
        _slope.Dispose();
    }

    // All columns but the first and, of an even width, the last stand for their mirror images too.
    private static torch.Tensor Slope(torch.Tensor gain, int width)
    {
        torch.Tensor slope = gain.clone();
        slope.narrow(1, 1, width - gain.shape[1]).MulInPlace(2);
        return slope;
    }

    // H×(W/2+1)×2, for both parts, as factors that are to be spread are slow: 1/4 · max(f, 1/max(W, H))^−decay with f in cycles a pixel, for an orthonormal transform.
    private static torch.Tensor Gain(int height, int width, double decay)
    {
        torch.Tensor down = torch.fft.fftfreq(height).unsqueeze(1);
        torch.Tensor across = torch.fft.rfftfreq(width).unsqueeze(0);
        torch.Tensor frequency = down.Square().Add(across.Square()).sqrt().ClampMin(1.0 / Math.Max(height, width));
        return frequency.Pow(-decay).Div(Attenuation).unsqueeze(-1).repeat(1, 1, 2);
    }
}
