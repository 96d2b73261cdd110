using System.Runtime.InteropServices;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The size of gradients, and gradients brought to one size, image by image; the first dimension counts the images.</summary>
internal static class GradientScale
{
    // Far below any gradient of a living filter; keeps the division by zero away from dead ones.
    private const float Tiny = 1e-30f;

    /// <summary>The gradient divided by its magnitude.</summary>
    /// <param name="gradient">Finite.</param>
    /// <param name="normalization">Which magnitude.</param>
    public static torch.Tensor Normalize(torch.Tensor gradient, GradientNormalization normalization)
    {
        if (normalization == GradientNormalization.None)
        {
            return gradient;
        }

        (torch.Tensor scaled, float[] rests, float[] largest) = Scale(gradient, normalization);
        float[] divisors = [.. rests.Zip(largest, (rest, size) => Math.Max(rest * size, Tiny) / size)];
        return scaled.div_(PerImage(divisors, gradient));
    }

    /// <summary>The magnitude of each image's gradient.</summary>
    public static float[] Magnitudes(torch.Tensor gradient, GradientNormalization normalization)
    {
        (torch.Tensor scaled, float[] rests, float[] largest) = Scale(gradient, normalization);
        scaled.Dispose();
        return [.. rests.Zip(largest, (rest, size) => rest * size)];
    }

    /// <summary>The largest absolute value of each image's gradient: zero of a flat one, and not finite if a value is not.</summary>
    /// <param name="gradient">The gradient, of one or several views of each image.</param>
    /// <param name="images">Number of images; null for one in each place of the first dimension.</param>
    public static float[] Largest(torch.Tensor gradient, int? images = null)
    {
        int count = images ?? (int)gradient.shape[0];
        return gradient.LiesPlain()
            ? PerImage(gradient, count, Kernels.Magnitudes.Largest)
            : gradient.abs().reshape(count, -1).amax([1]).ToFloats();
    }

    /// <summary>The gradient, with zeros for values that are not finite.</summary>
    public static torch.Tensor Finite(torch.Tensor gradient) =>
        Largest(gradient).All(float.IsFinite) ? gradient : gradient.nan_to_num(0, 0, 0);

    // The largest value is taken out first: the squares of gradients as small as deep networks have would underflow.
    private static (torch.Tensor Scaled, float[] Rests, float[] Largest) Scale(torch.Tensor gradient, GradientNormalization normalization)
    {
        float[] largest = [.. Largest(gradient).Select(value => Math.Max(value, Tiny))];
        torch.Tensor scaled = gradient / PerImage(largest, gradient);
        float size = gradient.numel() / gradient.shape[0];
        Measure? measure = !scaled.LiesPlain() ? null : normalization switch
        {
            GradientNormalization.L2 => values => MathF.Sqrt(Kernels.Magnitudes.SumOfSquares(values)),
            GradientNormalization.Rms => values => MathF.Sqrt(Kernels.Magnitudes.SumOfSquares(values) / size),
            GradientNormalization.MeanAbsolute => values => Kernels.Magnitudes.Sum(values) / size,
            _ => null,
        };
        if (measure is not null)
        {
            return (scaled, PerImage(scaled, largest.Length, measure), largest);
        }

        torch.Tensor flat = scaled.flatten(1);
        torch.Tensor rests = normalization switch
        {
            GradientNormalization.L2 => flat.Square().sum([1]).sqrt(),
            GradientNormalization.Rms => flat.Square().mean([1]).sqrt(),
            GradientNormalization.MeanAbsolute => flat.abs().mean([1]),
            GradientNormalization.Std => flat.std(1, unbiased: false),
            _ => torch.tensor([.. largest.Select(value => 1 / value)]),
        };
        return (scaled, rests.ToFloats(), largest);
    }

    private static float[] PerImage(torch.Tensor gradient, int images, Measure measure)
    {
        int size = checked((int)(gradient.numel() / images));
        var results = new float[images];
        for (int image = 0; image < images; image++)
        {
            using torch.Tensor own = gradient.view(images, size).narrow(0, image, 1);
            results[image] = measure(MemoryMarshal.Cast<byte, float>(own.bytes));
        }

        return results;
    }

    private static torch.Tensor PerImage(float[] values, torch.Tensor like) =>
        torch.tensor(values, device: like.device).reshape([-1, .. Enumerable.Repeat(1L, (int)like.dim() - 1)]);

    private delegate float Measure(ReadOnlySpan<float> values);
}
