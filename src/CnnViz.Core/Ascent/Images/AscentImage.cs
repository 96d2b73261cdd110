using System.Runtime.InteropServices;
using CnnViz.Kernels;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The images of an ascent: a basis that is changed, and the way from its raw values to colours.</summary>
internal sealed class AscentImage : IDisposable
{
    // Rows R, G, B: how natural images' colours come from uncorrelated ones (Lucid's color_correlation_svd_sqrt), divided by the
    // largest column norm.
    private static readonly float[] s_colors =
        [.. new[] { 0.26f, 0.09f, 0.02f, 0.27f, 0.00f, -0.05f, 0.27f, -0.09f, 0.03f }.Select(value => value / 0.461952f)];

    // Half a level of 255, less the noise.
    private const double NearestToFull = 0.001;

    private readonly IImageBasis _basis;
    private readonly ImageSettings _settings;
    private readonly torch.Tensor? _colors;
    private readonly int _border;
    private readonly bool _standardize;

    // N×H×W: what the images' gradients, without their signs, have come to.
    private torch.Tensor? _gradients;

    private AscentImage(IImageBasis basis, ImageSettings settings, int border, bool standardize, torch.Tensor? colors)
    {
        _basis = basis;
        _settings = settings;
        _border = border;
        _standardize = standardize;
        _colors = colors?.DetachFromDisposeScope();
    }

    /// <summary>What gradients are taken for.</summary>
    public IReadOnlyList<torch.Tensor> Variables => _basis.Variables;

    /// <summary>Images that start from noise.</summary>
    /// <param name="settings">What is changed, and how.</param>
    /// <param name="channels">Channels of the images.</param>
    /// <param name="geometry">Their size.</param>
    /// <param name="randoms">The source of each image's noise.</param>
    /// <param name="device">Where they are.</param>
    /// <param name="spectrum">For phases: the magnitudes; null for those of natural images.</param>
    public static AscentImage FromNoise(
        ImageSettings settings,
        int channels,
        AscentGeometry geometry,
        IReadOnlyList<torch.Generator> randoms,
        torch.Device device,
        PictureSpectrum? spectrum = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (int height, int width) = (geometry.FullHeight, geometry.FullWidth);
        long[] shape = settings.Parameter == ImageParameter.Fourier
            ? FourierBasis.Shape(channels, height, width)
            : [channels, height, width];
        torch.Tensor noise = torch.stack(randoms.Select(random => torch.randn(shape, generator: random)));
        noise = (settings.Parameter == ImageParameter.Phase ? noise : noise.Mul(settings.InitialNoise)).to(device);
        IImageBasis basis = settings.Parameter == ImageParameter.Fourier
            ? new FourierBasis(noise, height, width, settings.Decay)
            : Basis(settings, noise, spectrum);
        return new AscentImage(basis, settings, geometry.Border, settings.Contrast is not null, Colors(settings, channels, device));
    }

    /// <summary>Images that start from a picture; it keeps its own contrast or, of phases, no more than its own phases.</summary>
    /// <param name="settings">What is changed, and how.</param>
    /// <param name="pictures">N×C×H×W, 0…1, border included.</param>
    /// <param name="border">Pixels to cut off each side at the end.</param>
    /// <param name="spectrum">For phases: the magnitudes; null for those of natural images.</param>
    public static AscentImage FromPictures(
        ImageSettings settings, torch.Tensor pictures, int border, PictureSpectrum? spectrum = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return FromRaw(settings, ToRaw(settings, pictures), border, spectrum);
    }

    /// <summary>
    /// Images that start from made pictures: with the noise of the recipe, and so close to 0 and 1 that full colours are saved as such.
    /// </summary>
    /// <param name="settings">What is changed, and how.</param>
    /// <param name="pictures">N×C×H×W, 0…1, border included.</param>
    /// <param name="border">Pixels to cut off each side at the end.</param>
    /// <param name="randoms">The source of each image's noise.</param>
    /// <param name="spectrum">For phases: the magnitudes; null for those of natural images.</param>
    public static AscentImage FromProbes(
        ImageSettings settings, torch.Tensor pictures, int border, IReadOnlyList<torch.Generator> randoms, PictureSpectrum? spectrum = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor noise = torch.stack(randoms.Select(random => torch.randn(pictures.shape[1..], generator: random))).Mul(settings.InitialNoise);
        return FromRaw(settings, ToRaw(settings, pictures, NearestToFull).Add(noise.to(pictures.device)), border, spectrum);
    }

    private static AscentImage FromRaw(ImageSettings settings, torch.Tensor raw, int border, PictureSpectrum? spectrum)
    {
        (int channels, int height, int width) = ((int)raw.shape[1], (int)raw.shape[2], (int)raw.shape[3]);
        IImageBasis basis = settings.Parameter == ImageParameter.Fourier
            ? new FourierBasis(FourierBasis.CoefficientsOf(raw, settings.Decay), height, width, settings.Decay)
            : Basis(settings, raw, spectrum);
        torch.Tensor? colors = Colors(settings, channels, raw.device);
        return new AscentImage(basis, settings, border, standardize: false, colors);
    }

    /// <summary>The raw values that stand for pictures.</summary>
    /// <param name="settings">How raw values become colours.</param>
    /// <param name="pictures">N×C×H×W, 0…1.</param>
    /// <param name="margin">How near 0 and 1 they may come, which the logistic function never reaches.</param>
    /// <returns>N×C×H×W; belongs to the caller's dispose scope.</returns>
    public static torch.Tensor ToRaw(ImageSettings settings, torch.Tensor pictures, double margin = 0.005)
    {
        torch.Tensor raw = settings.Range == ImageRange.Sigmoid ? pictures.Clamp(margin, 1 - margin).logit() : pictures.Sub(0.5f);
        return Colors(settings, (int)pictures.shape[1], pictures.device) is { } colors ? Mix(raw, colors.inverse()) : raw;
    }

    /// <summary>The images as the ascent sees them: N×C×H×W, border included, nominally 0…1.</summary>
    public torch.Tensor ToImages()
    {
        torch.Tensor raw = _basis.Synthesize();
        bool isPlain = raw.device_type == DeviceType.CPU && raw.dtype == torch.ScalarType.Float32;
        if (_settings.Range == ImageRange.Sigmoid && _colors is not null && isPlain)
        {
            return ColorSigmoid.Apply(raw, s_colors);
        }

        torch.Tensor colored = _colors is null ? raw : Mix(raw, _colors);
        return _settings.Range switch
        {
            ImageRange.Sigmoid => colored.sigmoid(),
            ImageRange.Clip => InwardClamp.Apply(colored.Add(0.5f), 0, 1),
            _ => colored.Add(0.5f),
        };
    }

    /// <summary>The finished pictures: N×C×H×W, 0…1, without the border.</summary>
    public torch.Tensor ToPictures()
    {
        using var noGradients = torch.no_grad();
        torch.Tensor images = ToImages();
        if (_settings.Stretch > 0)
        {
            images = Percentiles.Stretch(images, _settings.Stretch, 100 - _settings.Stretch);
        }

        if (_standardize)
        {
            torch.Tensor flat = images.flatten(1);
            torch.Tensor mean = flat.mean([1]).reshape(-1, 1, 1, 1);
            torch.Tensor deviation = flat.std(1, unbiased: false).reshape(-1, 1, 1, 1);
            images = ((images - mean) / deviation.Add(1e-5f)).Mul(_settings.Contrast!.Value).Add(0.5f);
        }

        return CutBorder(images).Clamp(0, 1);
    }

    /// <summary>Takes in the images' gradients of a step.</summary>
    /// <param name="gradients">N×C×H×W, border included, finite.</param>
    public void AddGradients(torch.Tensor gradients)
    {
        _gradients ??= torch.zeros_like(gradients.select(1, 0)).DetachFromDisposeScope();
        if (!gradients.LiesPlain())
        {
            _gradients.AddInPlace(gradients.abs().mean([1]));
            return;
        }

        long[] shape = gradients.shape;
        (int channels, int pixels) = ((int)shape[1], (int)(shape[2] * shape[3]));
        Span<float> sums = MemoryMarshal.Cast<byte, float>(_gradients.bytes);
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(gradients.bytes);
        for (int plane = 0; plane < shape[0] * channels; plane++)
        {
            Magnitudes.Add(values.Slice(plane * pixels, pixels), 1f / channels, sums.Slice(plane / channels * pixels, pixels));
        }
    }

    /// <summary>
    /// Where in the finished pictures the ascent was at work: the sum over all steps of the gradients' absolute values, clipped at its
    /// 80th percentile (as Fel et al., 2023, have it).
    /// </summary>
    /// <returns>N×H×W without the border, 0…1; null where there was no step. Belongs to the caller's dispose scope.</returns>
    public torch.Tensor? ToTransparency() => _gradients is null ? null : Percentiles.Clip(CutBorder(_gradients), 80);

    /// <summary>Changes a variable, in place.</summary>
    public void Change(int variable, torch.Tensor change) => _basis.Variables[variable].AddInPlace(change);

    public void Dispose()
    {
        _basis.Dispose();
        _colors?.Dispose();
        _gradients?.Dispose();
    }

    private torch.Tensor CutBorder(torch.Tensor values) =>
        values.narrow(-2, _border, values.shape[^2] - 2 * _border).narrow(-1, _border, values.shape[^1] - 2 * _border);

    // From raw values at the start.
    private static IImageBasis Basis(ImageSettings settings, torch.Tensor raw, PictureSpectrum? spectrum)
    {
        (int channels, int height, int width) = ((int)raw.shape[1], (int)raw.shape[2], (int)raw.shape[3]);
        return settings.Parameter switch
        {
            ImageParameter.Pyramid => new PyramidBasis(raw, settings.Levels),
            ImageParameter.Phase => new PhaseBasis(
                raw,
                spectrum?.Magnitudes(settings, channels, height, width)
                    ?? NaturalSpectrum.Amplitudes(channels, height, width, settings.DecorrelateColors)),
            _ => new PixelBasis(raw),
        };
    }

    private static torch.Tensor? Colors(ImageSettings settings, int channels, torch.Device device) =>
        settings.DecorrelateColors && channels == 3 ? torch.tensor(s_colors, [3, 3], device: device) : null;

    private static torch.Tensor Mix(torch.Tensor raw, torch.Tensor colors) =>
        torch.matmul(colors, raw.flatten(2)).reshape(raw.shape);
}
