using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>Plain gradient ascent with a step of constant size along the normalized gradient.</summary>
/// <param name="normalization">What each image's gradient is divided by.</param>
/// <param name="stepSize">What it is then multiplied by; negative to go down.</param>
internal sealed class NormalizedAscent(GradientNormalization normalization, float stepSize) : IUpdateRule
{
    // Far below any gradient of a living filter; keeps the division by zero away from dead ones.
    private const float Tiny = 1e-30f;

    public void Step(torch.Tensor variable, torch.Tensor gradient)
    {
        torch.Tensor divisor = Magnitude(gradient, normalization).clamp_min(Tiny);
        variable.add_(gradient / divisor.reshape([-1, .. Enumerable.Repeat(1L, (int)gradient.dim() - 1)]), alpha: stepSize);
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
