using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// Draws views of images. Padding, moving, scaling and turning are one affine map and so one resampling; each image's draws come from its
/// own random numbers.
/// </summary>
/// <param name="settings">What may be drawn.</param>
/// <param name="randoms">The random numbers of each image.</param>
internal sealed class RandomViews(ViewSettings settings, IReadOnlyList<torch.Generator> randoms)
{
    // Zoom, angle, two shifts.
    private const int Draws = 4;

    /// <summary>Number of views of each image.</summary>
    public int Count => settings.Count;

    /// <summary>Draws once for every image.</summary>
    /// <param name="shape">Channels, height and width of the images.</param>
    public DrawnViews Next(long[] shape)
    {
        torch.Tensor? maps = null;
        torch.Tensor? noise = null;
        if (!settings.IsStill)
        {
            torch.Tensor draws = torch.cat([.. randoms.Select(random => torch.rand([settings.Count, Draws], generator: random))]);
            maps = Maps(draws * 2 - 1, shape[1], shape[2]);
        }

        if (settings.Noise > 0)
        {
            noise = torch.cat([.. randoms.Select(random => torch.randn([settings.Count, .. shape], generator: random))]) * settings.Noise;
        }

        return new DrawnViews(settings, maps, noise);
    }

    // N×2×3: from places in the view to places in the image, both −1…1 between the edges.
    private torch.Tensor Maps(torch.Tensor draws, long height, long width)
    {
        (torch.Tensor zoom, torch.Tensor angle) = (draws.select(1, 0), draws.select(1, 1) * (settings.Rotation * Math.PI / 180));

        // Uniform in the logarithm: as often half as large as twice as large.
        (double low, double high) = (Math.Log(settings.MinZoom), Math.Log(settings.MaxZoom));
        torch.Tensor shrink = (-(zoom * ((high - low) / 2) + (high + low) / 2)).exp();
        (torch.Tensor cos, torch.Tensor sin) = (angle.cos() * shrink, angle.sin() * shrink);
        double aspect = (double)height / width;
        double side = Math.Min(height, width);
        torch.Tensor across = torch.stack([cos, -sin * aspect, draws.select(1, 2) * (2 * settings.Jitter * side / width)], 1);
        torch.Tensor down = torch.stack([sin / aspect, cos, draws.select(1, 3) * (2 * settings.Jitter * side / height)], 1);
        return torch.stack([across, down], 1);
    }
}
