using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// How much an image differs from the others of its batch: less the mean cosine of their Gram matrices, the products of a layer's filters
/// over all positions (Olah et al., "Feature Visualization", 2017, after Gatys et al.; Lucid's <c>diversity</c>). 0 for images without
/// anything in common, −1 for equal ones.
/// </summary>
/// <param name="layer">The layer.</param>
internal sealed class DiversityObjective(CnnLayer layer) : CnnObjective
{
    internal override IReadOnlyList<CnnLayer> Layers { get; } = [layer];

    internal override bool ComparesBatch => true;

    /// <summary>Such as <c>diversity(conv4)</c>.</summary>
    public override string ToString() => $"diversity({layer})";

    internal override torch.Tensor Evaluate(Activations activations)
    {
        torch.Tensor own = Gram(activations[layer]);
        torch.Tensor[] cosines = [.. activations.OfOthers(layer).Select(other => (own * Gram(other)).sum())];
        return cosines.Length == 0 ? own.Mul(0).sum().reshape(1) : -torch.stack(cosines).mean().reshape(1);
    }

    // C×C, of length one.
    private static torch.Tensor Gram(torch.Tensor values)
    {
        torch.Tensor filters = values.transpose(0, 1).flatten(1);
        torch.Tensor products = filters.matmul(filters.t());
        return products / products.norm().ClampMin(1e-30);
    }
}
