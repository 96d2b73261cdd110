using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The penalties of a recipe on images.</summary>
internal sealed class Penalties(PenaltySettings settings)
{
    // Under a square root, so that its gradient at 0 is finite.
    private const double Tiny = 1e-12;

    /// <summary>The weighted sum of the penalties: N values.</summary>
    /// <param name="images">N×C×H×W, nominally 0…1.</param>
    public torch.Tensor Evaluate(torch.Tensor images)
    {
        torch.Tensor fromGrey = images.Sub(0.5f);
        torch.Tensor sum = torch.zeros(images.shape[0], device: images.device);
        foreach ((double weight, Func<torch.Tensor> penalty) in new (double, Func<torch.Tensor>)[]
        {
            (settings.TotalVariation, () => TotalVariation(images)),
            (settings.L1, () => fromGrey.abs().flatten(1).mean([1])),
            (settings.L2, () => RootMeanSquare(fromGrey)),
            (settings.Blur, () => RootMeanSquare(images - Blurred(images))),
            (settings.Border, () => RootMeanSquare(fromGrey * BorderMask(images))),
        })
        {
            sum = weight == 0 ? sum : sum.Add(penalty().Mul(weight));
        }

        return sum;
    }

    private static torch.Tensor RootMeanSquare(torch.Tensor values) => values.Square().flatten(1).mean([1]).Add(Tiny).sqrt();

    private static torch.Tensor TotalVariation(torch.Tensor images) =>
        images.diff(1, 2).abs().flatten(1).mean([1]).Add(images.diff(1, 3).abs().flatten(1).mean([1]));

    private static torch.Tensor Blurred(torch.Tensor images) =>
        torch.nn.functional.avg_pool2d(images, 3, stride: 1, padding: 1, count_include_pad: false);

    private static torch.Tensor BorderMask(torch.Tensor images)
    {
        (long height, long width) = (images.shape[2], images.shape[3]);
        (long down, long across) = ((height + 7) / 8, (width + 7) / 8);
        torch.Tensor mask = torch.ones(height, width, device: images.device);
        mask.narrow(0, down, Math.Max(0, height - 2 * down)).narrow(1, across, Math.Max(0, width - 2 * across)).zero_();
        return mask;
    }
}
