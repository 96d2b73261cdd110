using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>
/// The axes along which the colours of natural images vary independently: rgb = C·x with Lucid's C (tensorflow/lucid,
/// <c>optvis/param/color.py</c>). The first is nearly brightness. Pictures that are not RGB are left as they are.
/// </summary>
internal static class ColourAxes
{
    private static readonly float[,] s_toRgb = { { .26f, .09f, .02f }, { .27f, 0, -.05f }, { .27f, -.09f, .03f } };

    /// <summary>The picture along these axes.</summary>
    /// <param name="picture">C×H×W.</param>
    /// <returns>C×H×W; belongs to the caller's dispose scope.</returns>
    public static torch.Tensor Decorrelate(torch.Tensor picture) => picture.shape[0] == 3 ? Mix(ToAxes(), picture) : picture;

    /// <summary>The way back.</summary>
    /// <param name="channels">C×H×W.</param>
    /// <returns>C×H×W; belongs to the caller's dispose scope.</returns>
    public static torch.Tensor Correlate(torch.Tensor channels) => channels.shape[0] == 3 ? Mix(torch.tensor(s_toRgb), channels) : channels;

    /// <summary>What white noise of variance 1 in the picture's channels has along each axis.</summary>
    /// <param name="channels">Number of channels.</param>
    /// <returns>C values; belongs to the caller's dispose scope.</returns>
    public static torch.Tensor NoiseGain(long channels) => channels == 3 ? ToAxes().Square().sum([1]) : torch.ones(channels);

    private static torch.Tensor ToAxes() => torch.linalg.inv(torch.tensor(s_toRgb));

    private static torch.Tensor Mix(torch.Tensor matrix, torch.Tensor picture) =>
        matrix.matmul(picture.flatten(1)).reshape(picture.shape);
}
