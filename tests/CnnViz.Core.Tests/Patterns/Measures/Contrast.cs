using TorchSharp;

namespace CnnViz.Tests.Patterns.Measures;

/// <summary>What of a picture the measures look at: its colours, blurred against the noise of single pixels.</summary>
internal static class Contrast
{
    /// <summary>A blur that leaves lines of two pixels.</summary>
    public const double Mild = 0.9;

    // Of the blur that is taken away, as a part of the picture.
    private const double Slow = 0.22;

    /// <summary>The colour planes with mean 0; together they have the variance 1.</summary>
    /// <param name="picture">C×H×W.</param>
    /// <param name="blur">Standard deviation of the blur in pixels; 0 for none.</param>
    /// <returns>C×H×W.</returns>
    public static torch.Tensor Planes(torch.Tensor picture, double blur = Mild)
    {
        torch.Tensor planes = Blur(picture.to(torch.ScalarType.Float32), blur);
        planes = planes - planes.mean([1, 2], true);
        return planes / (planes.square().sum([0]).mean().sqrt() + 1e-6);
    }

    /// <summary>
    /// The plane along the first principal component of the colours, with mean 0 and variance 1. Its sign is arbitrary: ink may
    /// be above paper or below.
    /// </summary>
    /// <returns>H×W.</returns>
    public static torch.Tensor Plane(torch.Tensor picture, double blur = Mild)
    {
        torch.Tensor planes = Planes(picture, blur);
        torch.Tensor colours = planes.reshape(planes.shape[0], -1);
        (_, torch.Tensor axes) = torch.linalg.eigh(colours.matmul(colours.t()));
        torch.Tensor plane = (planes * axes[.., -1].reshape(-1, 1, 1)).sum([0]);
        return plane / (plane.square().mean().sqrt() + 1e-6);
    }

    /// <summary>The colour planes without what changes over a quarter of the picture.</summary>
    public static torch.Tensor FlatPlanes(torch.Tensor picture) => Flatten(Planes(picture));

    /// <summary>The strongest contrast without what changes over a quarter of the picture.</summary>
    public static torch.Tensor FlatPlane(torch.Tensor picture) => Flatten(Plane(picture));

    /// <summary>Blurs with a bell; the picture is mirrored at its edges.</summary>
    /// <param name="planes">C×H×W, or H×W.</param>
    /// <param name="sigma">Standard deviation in pixels; 0 for none.</param>
    public static torch.Tensor Blur(torch.Tensor planes, double sigma)
    {
        if (sigma <= 0)
        {
            return planes;
        }

        long reach = Math.Min((long)Math.Ceiling(3 * sigma), Math.Min(planes.shape[^1], planes.shape[^2]) - 1);
        torch.Tensor bell = (-torch.arange(-reach, reach + 1).to(torch.ScalarType.Float32).square() / (2 * sigma * sigma)).exp();
        bell /= bell.sum();
        torch.Tensor batch = planes.reshape(-1, 1, planes.shape[^2], planes.shape[^1]);
        batch = torch.nn.functional.pad(batch, [reach, reach, reach, reach], PaddingModes.Reflect);
        batch = torch.nn.functional.conv2d(batch, bell.reshape(1, 1, 1, -1));
        batch = torch.nn.functional.conv2d(batch, bell.reshape(1, 1, -1, 1));
        return batch.reshape(planes.shape);
    }

    // Takes away what changes slowly, as uneven light does.
    private static torch.Tensor Flatten(torch.Tensor planes) =>
        planes - Blur(planes, Slow * Math.Min(planes.shape[^2], planes.shape[^1]));
}
