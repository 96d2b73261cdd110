using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// The logarithm of a unit's softmax probability among those of its layer. It grows as the other units fall, too: by default, classes are
/// raised before the softmax instead (Simonyan, Vedaldi and Zisserman, 2013).
/// </summary>
/// <param name="filter">The unit, of a layer before the softmax.</param>
internal sealed class ProbabilityObjective(CnnFilter filter) : CnnObjective
{
    internal override IReadOnlyList<CnnLayer> Layers { get; } = [filter.Layer];

    internal override CnnFilter Filter => filter;

    /// <summary>Such as <c>log p(classifier:3)</c>.</summary>
    public override string ToString() => $"log p({filter})";

    internal override torch.Tensor Evaluate(Activations activations) =>
        activations[filter.Layer].log_softmax(1).select(1, filter.Index).unsqueeze(1).flatten(1).mean([1]);
}
