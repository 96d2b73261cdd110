using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// Likeness to a picture in a layer's activations: less their mean squared difference from the picture's own, in units of the picture's
/// mean square; 0 for the same. Beside another objective, and starting from the picture, it gives an accentuation: the picture changes, but
/// stays what it is to an early layer (Hamblin et al., "Feature Accentuation", 2024).
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="picture">Full path of the picture.</param>
internal sealed class LikenessObjective(CnnLayer layer, string picture) : CnnObjective
{
    private const double Tiny = 1e-12;

    internal override IReadOnlyList<CnnLayer> Layers { get; } = [layer];

    internal override IReadOnlyList<string> Pictures { get; } = [picture];

    /// <summary>Such as <c>likeness(conv2, cat.jpg)</c>.</summary>
    public override string ToString() => $"likeness({layer}, {Path.GetFileName(picture)})";

    internal override torch.Tensor Evaluate(Activations activations)
    {
        torch.Tensor model = activations.OfPicture(picture, layer).flatten(1);
        torch.Tensor difference = (activations[layer].flatten(1) - model).Square().mean([1]);
        return -difference / model.Square().mean([1]).Add(Tiny);
    }
}
