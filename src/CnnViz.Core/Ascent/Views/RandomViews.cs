using CnnViz.Models.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// Draws views of images. Padding, cropping, moving, scaling and turning are one affine map and so one resampling; each image's draws come
/// from its own random numbers.
/// </summary>
/// <param name="settings">What may be drawn.</param>
/// <param name="randoms">The random numbers of each image.</param>
internal sealed class RandomViews(ViewSettings settings, IReadOnlyList<torch.Generator> randoms)
{
    // Zoom, angle, two shifts.
    private const int Draws = 4;

    // Side, two coordinates of the centre.
    private const int CropDraws = 3;

    private const double LeastCrop = 0.05;

    /// <summary>Number of views of each image.</summary>
    public int Count => settings.Count;

    /// <summary>Draws once for every image.</summary>
    /// <param name="shape">Channels, height and width of the images.</param>
    /// <param name="done">The share of the ascent that is done, 0 at the first step and 1 at the last.</param>
    public DrawnViews Next(long[] shape, double done)
    {
        long[] seen = settings.Height > 0 ? [shape[0], settings.Height, settings.Width] : shape;
        torch.Tensor? maps = null;
        torch.Tensor? noise = null;
        if (!settings.IsStill)
        {
            torch.Tensor draws = torch.cat([.. randoms.Select(random => torch.rand([settings.Count, Draws], generator: random))]);
            maps = Maps(draws * 2 - 1, Crops(done), shape, seen);
        }

        if (settings.Noise > 0)
        {
            noise = torch.cat([.. randoms.Select(random => torch.randn([settings.Count, .. seen], generator: random))]) * settings.Noise;
        }

        bool[]? compressed = null;
        if (settings.Compressed > 0)
        {
            torch.Tensor draws = torch.cat([.. randoms.Select(random => torch.rand([settings.Count], generator: random))]);
            compressed = [.. draws.ToFloats().Select(draw => draw < settings.Compressed)];
            compressed = compressed.Contains(true) ? compressed : null;
        }

        return new DrawnViews(settings, maps, noise, compressed);
    }

    // N×3: side as a share of the image's smaller one, and the centre's distances across and down from the image's, in its widths and
    // heights. Fel et al. ("Unlocking Feature Visualization…", 2023) draw them so.
    private torch.Tensor Crops(double done)
    {
        if (!settings.IsCropped)
        {
            return torch.tensor(new float[] { 1, 0, 0 }).unsqueeze(0);
        }

        double side = settings.CropFrom + (settings.CropTo - settings.CropFrom) * done;
        torch.Tensor draws = torch.cat([.. randoms.Select(random => torch.randn([settings.Count, CropDraws], generator: random))]);
        torch.Tensor sides = (draws.narrow(1, 0, 1) * settings.CropSpread + side).clamp(LeastCrop, 1);
        return torch.cat([sides, draws.narrow(1, 1, 2) * settings.CropShift], 1);
    }

    // N×2×3: from places in the view to places in the image, both −1…1 between the edges. A view is as much of the image as its own
    // shape takes: a square one of an oblong image has the image's smaller side.
    private torch.Tensor Maps(torch.Tensor draws, torch.Tensor crops, long[] shape, long[] seen)
    {
        (double height, double width) = (shape[1], shape[2]);
        (torch.Tensor zoom, torch.Tensor angle) = (draws.select(1, 0), draws.select(1, 1) * (settings.Rotation * Math.PI / 180));

        // Uniform in the logarithm: as often half as large as twice as large.
        (double low, double high) = (Math.Log(settings.MinZoom), Math.Log(settings.MaxZoom));
        torch.Tensor shrink = (-(zoom * ((high - low) / 2) + (high + low) / 2)).exp();
        shrink = shrink * crops.select(1, 0);
        (torch.Tensor cos, torch.Tensor sin) = (angle.cos() * shrink, angle.sin() * shrink);
        double side = Math.Min(height, width);

        // The view's height and width in the image's pixels.
        double scale = side / Math.Min(seen[1], seen[2]);
        (double tall, double wide) = (seen[1] * scale, seen[2] * scale);
        torch.Tensor shiftAcross = draws.select(1, 2) * (2 * settings.Jitter * side / width) + crops.select(1, 1) * 2;
        torch.Tensor shiftDown = draws.select(1, 3) * (2 * settings.Jitter * side / height) + crops.select(1, 2) * 2;
        torch.Tensor across = torch.stack([cos * (wide / width), -sin * (tall / width), shiftAcross], 1);
        torch.Tensor down = torch.stack([sin * (wide / height), cos * (tall / height), shiftDown], 1);
        return torch.stack([across, down], 1);
    }
}
