using CnnViz.Networks.Operators;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Ascent;

/// <summary>Views as they were drawn; the same for all images that they are applied to.</summary>
/// <param name="settings">Number and size of views, and what lies beyond the edge.</param>
/// <param name="maps">N×2×3 affine maps from the view to the image; null for none.</param>
/// <param name="noise">N×C×H×W to add; null for none.</param>
/// <param name="compressed">For each view whether it is of the compressed image; null where none is.</param>
internal sealed class DrawnViews(ViewSettings settings, torch.Tensor? maps, torch.Tensor? noise, bool[]? compressed)
{
    /// <summary>The views of the images.</summary>
    /// <param name="images">N×C×H×W, 0…1.</param>
    /// <returns>(N·views)×C×height×width of views, those of an image one after the other; differentiable with respect to the
    /// images.</returns>
    public torch.Tensor Apply(torch.Tensor images)
    {
        torch.Tensor views = settings.Count == 1 ? images : images.repeat_interleave(settings.Count, 0);

        // A picture without an edge has no place where the blocks of a JPEG file must begin.
        views = settings.Edge == EdgeMode.Wrap ? Compress(Move(views)) : Move(Compress(views));
        return noise is null ? views : views.Add(noise.to(images.device));
    }

    private torch.Tensor Compress(torch.Tensor images) =>
        compressed is null ? images : new JpegCompression(settings.CompressionQuality).Apply(images, compressed);

    private torch.Tensor Move(torch.Tensor images) => maps is null ? images : Resample(images, maps.to(images.device));

    private torch.Tensor Resample(torch.Tensor images, torch.Tensor theta)
    {
        long[] size = settings.Height > 0 ? [.. images.shape[..2], settings.Height, settings.Width] : images.shape;
        if (images.device_type == DeviceType.CPU && images.dtype == torch.ScalarType.Float32)
        {
            return AffineSampling.Apply(images, theta, (int)size[2], (int)size[3], settings.Edge);
        }

        torch.Tensor grid = affine_grid(theta, size, align_corners: false);
        if (settings.Edge == EdgeMode.Wrap)
        {
            (images, grid) = Wrap(images, grid);
        }

        torch.Tensor shown = settings.Edge == EdgeMode.Grey ? images.Sub(0.5f) : images;
        torch.GridSamplePaddingMode padding = settings.Edge switch
        {
            EdgeMode.Reflect => torch.GridSamplePaddingMode.Reflection,
            EdgeMode.Repeat or EdgeMode.Wrap => torch.GridSamplePaddingMode.Border,
            _ => torch.GridSamplePaddingMode.Zeros,
        };
        torch.Tensor sampled =
            grid_sample(shown, grid, torch.GridSampleMode.Bilinear, padding, align_corners: false);
        return settings.Edge == EdgeMode.Grey ? sampled.Add(0.5f) : sampled;
    }

    // With a pixel from the other side on each side, every place between the edges has its neighbours.
    private static (torch.Tensor Images, torch.Tensor Grid) Wrap(torch.Tensor images, torch.Tensor grid)
    {
        (double height, double width) = (images.shape[2], images.shape[3]);
        torch.Tensor scale = torch.tensor([(float)(width / (width + 2)), (float)(height / (height + 2))], device: images.device);
        return (pad(images, [1, 1, 1, 1], PaddingModes.Circular), grid.Add(1).Remainder(2).Sub(1) * scale);
    }
}
