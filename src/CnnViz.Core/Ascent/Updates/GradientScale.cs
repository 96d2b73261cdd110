using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>Gradients brought to one size, image by image.</summary>
internal static class GradientScale
{
    // Far below any gradient of a living filter; keeps the division by zero away from dead ones.
    private const float Tiny = 1e-30f;

    /// <summary>The gradient divided by its magnitude.</summary>
    /// <param name="gradient">The first dimension counts the images.</param>
    /// <param name="normalization">Which magnitude.</param>
    public static torch.Tensor Normalize(torch.Tensor gradient, GradientNormalization normalization)
    {
        if (normalization == GradientNormalization.None)
        {
            return gradient;
        }

        torch.Tensor divisor = Magnitude(gradient, normalization).clamp_min(Tiny);
        return gradient / divisor.reshape([-1, .. Enumerable.Repeat(1L, (int)gradient.dim() - 1)]);
    }

    /// <summary>The magnitude of each image's gradient: N values.</summary>
    internal static torch.Tensor Magnitude(torch.Tensor gradient, GradientNormalization normalization)
    {
        // The largest value is taken out first: the squares of gradients as small as deep networks have would underflow.
        torch.Tensor flat = gradient.flatten(1);
        torch.Tensor largest = flat.abs().amax([1], keepdim: true).clamp_min(Tiny);
        torch.Tensor scaled = flat / largest;
        torch.Tensor magnitude = normalization switch
        {
            GradientNormalization.L2 => scaled.square().sum([1]).sqrt(),
            GradientNormalization.Rms => scaled.square().mean([1]).sqrt(),
            GradientNormalization.MeanAbsolute => scaled.abs().mean([1]),
            GradientNormalization.Std => scaled.std(1, unbiased: false),
            _ => largest.squeeze(1).reciprocal(),
        };
        return magnitude * largest.squeeze(1);
    }
}
