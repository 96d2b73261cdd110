using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>Values cut off where few are beyond, image by image.</summary>
internal static class Percentiles
{
    // Keeps the division from zero where all values are equal, and where most are zero.
    private const float Tiny = 1e-6f;
    private const float Tiniest = 1e-30f;

    /// <summary>The values from one percentile to another, stretched to 0…1; those beyond are clipped.</summary>
    /// <param name="images">N×…</param>
    /// <param name="low">The percentile that becomes 0.</param>
    /// <param name="high">The percentile that becomes 1.</param>
    public static torch.Tensor Stretch(torch.Tensor images, double low, double high)
    {
        torch.Tensor least = Of(images, low);
        return ((images - least) / (Of(images, high) - least).ClampMin(Tiny)).Clamp(0, 1);
    }

    /// <summary>The values as shares of a percentile; those above it are clipped.</summary>
    /// <param name="images">N×…, not negative.</param>
    /// <param name="high">The percentile that becomes 1.</param>
    /// <returns>0…1; where the percentile is 0, all that is not becomes 1.</returns>
    public static torch.Tensor Clip(torch.Tensor images, double high) => (images / Of(images, high).ClampMin(Tiniest)).ClampMax(1);

    // One value an image, in as many dimensions.
    private static torch.Tensor Of(torch.Tensor images, double percentile)
    {
        torch.Tensor flat = images.flatten(1);
        long rank = 1 + (long)Math.Round((flat.shape[1] - 1) * percentile / 100);
        return flat.kthvalue(rank, 1).values.reshape([-1, .. Enumerable.Repeat(1L, (int)images.dim() - 1)]);
    }
}
