using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The pixels themselves, free to leave 0…1 on the way.</summary>
internal sealed class PixelParameter : IImageParameter
{
    private readonly torch.Tensor _pixels;
    private readonly long _border;
    private readonly float? _contrast;

    /// <param name="start">N×C×H×W, 0…1; taken over.</param>
    /// <param name="border">Pixels to cut off each side at the end.</param>
    /// <param name="contrast">Standard deviation that the finished values have around 0.5; null to keep them and clip.</param>
    public PixelParameter(torch.Tensor start, long border, float? contrast)
    {
        _pixels = start.DetachFromDisposeScope().requires_grad_();
        _border = border;
        _contrast = contrast;
    }

    public IReadOnlyList<torch.Tensor> Variables => [_pixels];

    public torch.Tensor ToImages() => _pixels;

    public torch.Tensor ToPictures()
    {
        torch.Tensor pixels = _pixels.detach();
        if (_contrast is { } contrast)
        {
            torch.Tensor flat = pixels.flatten(1);
            torch.Tensor mean = flat.mean([1]).reshape(-1, 1, 1, 1);
            torch.Tensor deviation = flat.std(1, unbiased: false).reshape(-1, 1, 1, 1);
            pixels = (pixels - mean) / (deviation + 1e-5f) * contrast + 0.5f;
        }

        long height = pixels.shape[2] - 2 * _border;
        long width = pixels.shape[3] - 2 * _border;
        return pixels.narrow(2, _border, height).narrow(3, _border, width).clamp(0, 1);
    }

    public void Dispose() => _pixels.Dispose();
}
