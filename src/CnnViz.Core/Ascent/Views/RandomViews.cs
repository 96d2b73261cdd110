using CnnViz.Networks.Operators;
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
            maps = torch.tensor(Maps(draws.ToFloats(), Crops(done), shape, seen)).reshape(-1, 2, 3);
        }

        if (settings.Noise > 0)
        {
            noise = torch.cat([.. randoms.Select(random => torch.randn([settings.Count, .. seen], generator: random))]).Mul(settings.Noise);
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

    // Fel et al. ("Unlocking Feature Visualization…", 2023) draw them so; one for each view, or one for all.
    private Crop[] Crops(double done)
    {
        if (!settings.IsCropped)
        {
            return [new Crop(1, 0, 0)];
        }

        double side = settings.CropFrom + (settings.CropTo - settings.CropFrom) * done;
        torch.Tensor draws = torch.cat([.. randoms.Select(random => torch.randn([settings.Count, CropDraws], generator: random))]);
        return
        [
            .. draws.ToFloats().Chunk(CropDraws).Select(draw => new Crop(
                Math.Clamp(draw[0] * settings.CropSpread + side, LeastCrop, 1), draw[1] * settings.CropShift, draw[2] * settings.CropShift)),
        ];
    }

    // N×2×3: from places in the view to places in the image, both −1…1 between the edges. A view is as much of the image as its own
    // shape takes: a square one of an oblong image has the image's smaller side. Draws are N×4, 0…1. In numbers, not in tensors: they are few.
    private float[] Maps(float[] draws, Crop[] crops, long[] shape, long[] seen)
    {
        (double height, double width) = (shape[1], shape[2]);
        double side = Math.Min(height, width);

        // The view's height and width in the image's pixels.
        double scale = side / Math.Min(seen[1], seen[2]);
        (double tall, double wide) = (seen[1] * scale, seen[2] * scale);

        // Of a tile of an endless pattern no place is the middle: up to half its size either way.
        bool isEndless = settings.Edge == EdgeMode.Wrap;

        // Uniform in the logarithm: as often half as large as twice as large.
        (double low, double high) = (Math.Log(settings.MinZoom), Math.Log(settings.MaxZoom));
        return [.. draws.Chunk(Draws).Select(draw => draw.Select(value => 2 * value - 1.0).ToArray()).SelectMany((draw, view) =>
        {
            Crop crop = crops[view % crops.Length];
            double shrink = Math.Exp(-(draw[0] * ((high - low) / 2) + (high + low) / 2)) * crop.Side;
            double angle = draw[1] * (settings.Rotation * Math.PI / 180);
            (double cos, double sin) = (Math.Cos(angle) * shrink, Math.Sin(angle) * shrink);
            double shiftAcross = draw[2] * (isEndless ? 1 : 2 * settings.Jitter * side / width) + crop.Across * 2;
            double shiftDown = draw[3] * (isEndless ? 1 : 2 * settings.Jitter * side / height) + crop.Down * 2;
            return new[]
            {
                (float)(cos * (wide / width)), (float)(-sin * (tall / width)), (float)shiftAcross,
                (float)(sin * (wide / height)), (float)(cos * (tall / height)), (float)shiftDown,
            };
        })];
    }

    // Its side as a share of the image's smaller one, and the centre's distances across and down from the image's, in its widths and heights.
    private readonly record struct Crop(double Side, double Across, double Down);
}
