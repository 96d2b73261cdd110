using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// A caricature of a picture: the dot product of a layer's activations with the picture's own, in units of their length, times a power of
/// the cosine between them (Lucid's <c>dot_compare</c>). What the layer sees in the picture is exaggerated.
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="picture">Full path of the picture.</param>
/// <param name="cosinePower">0 for the dot product alone.</param>
internal sealed class CaricatureObjective(CnnLayer layer, string picture, double cosinePower) : CnnObjective
{
    private const double LeastCosine = 0.1;

    private const double Tiny = 1e-12;

    internal override IReadOnlyList<CnnLayer> Layers { get; } = [layer];

    internal override IReadOnlyList<string> Pictures { get; } = [picture];

    /// <summary>Such as <c>caricature(conv4, cat.jpg)</c>.</summary>
    public override string ToString() => $"caricature({layer}, {Path.GetFileName(picture)})";

    internal override torch.Tensor Evaluate(Activations activations)
    {
        torch.Tensor own = activations[layer].flatten(1);
        torch.Tensor model = activations.OfPicture(picture, layer).flatten(1);
        torch.Tensor dot = (own * model).sum(1) / model.Square().sum(1).Add(Tiny).sqrt();
        if (cosinePower == 0)
        {
            return dot;
        }

        torch.Tensor length = own.Square().sum(1).Add(Tiny).sqrt();
        return dot * (dot / length).ClampMin(LeastCosine).Pow(cosinePower);
    }
}
