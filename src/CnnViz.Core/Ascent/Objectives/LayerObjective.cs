using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// A whole layer: the mean square of its activations, so that whatever it sees already is raised (Mordvintsev, Olah and Tyka,
/// "Inceptionism", 2015; there it is half the sum of squares, which leads the same way).
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="area">The part of its map that counts.</param>
internal sealed class LayerObjective(CnnLayer layer, MapArea area) : CnnObjective
{
    internal override IReadOnlyList<CnnLayer> Layers { get; } = [layer];

    internal override bool LooksAtPart => area != MapArea.Whole;

    internal override bool IsToldByText => true;

    /// <summary>Such as <c>inception_4c/output</c>.</summary>
    public override string ToString() => $"{layer}{area}";

    internal override torch.Tensor Evaluate(Activations activations) => area.Cut(activations[layer]).Square().flatten(1).mean([1]);
}
