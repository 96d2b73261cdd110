using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// What a layer sees at one position of a photo: the direction of its activations there. All positions of a photo have one name and therefore the same noise and
/// views, so that positions that see alike look alike.
/// </summary>
/// <param name="direction">The direction.</param>
/// <param name="name">The name.</param>
internal sealed class CellObjective(DirectionObjective direction, string name) : CnnObjective
{
    internal override IReadOnlyList<CnnLayer> Layers => direction.Layers;

    /// <summary>Such as <c>activations(conv4, cat.jpg)</c>.</summary>
    public override string ToString() => name;

    internal override torch.Tensor Evaluate(Activations activations) => direction.Evaluate(activations);
}
