using CnnViz.Ascent;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>Noise with the spectrum and the colours of natural images: all that is known of them before one knows what they show.</summary>
internal static class NaturalNoise
{
    // A usual contrast of photos, around grey.
    private const double Contrast = 0.2;

    /// <summary>Makes a picture; the same for the same seed and size.</summary>
    /// <param name="channels">Number of channels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="seed">What it follows from.</param>
    /// <returns>C×H×W, 0…1, rounded to 8 bits; belongs to the caller's dispose scope.</returns>
    public static torch.Tensor Make(long channels, long height, long width, ulong seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var generator = new torch.Generator(seed);
        torch.Tensor white = torch.randn([channels, height, width], generator: generator);
        torch.Tensor amplitudes = NaturalSpectrum.Amplitudes(channels, height, width, areAxes: true);
        torch.Tensor axes = torch.fft.irfft2(torch.fft.rfft2(white) * amplitudes, [height, width]);
        torch.Tensor picture = ColourAxes.Correlate(axes);
        picture = picture - picture.mean();
        picture = (picture * picture.Square().mean().sqrt().Add(1e-12).reciprocal().Mul(Contrast)).Add(0.5);
        return picture.Clamp(0, 1).Mul(255).round().Div(255).MoveToOuterDisposeScope();
    }
}
