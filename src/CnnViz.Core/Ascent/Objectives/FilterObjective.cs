using CnnViz.Models;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The mean activation of one filter's map.</summary>
/// <param name="filter">The filter.</param>
internal sealed class FilterObjective(CnnFilter filter) : CnnObjective
{
    internal override IReadOnlyList<CnnLayer> Layers { get; } = [filter.Layer];

    /// <summary>Such as <c>conv1:3</c>.</summary>
    public override string ToString() => $"{filter.Layer.Name}:{filter.Index}";

    internal override torch.Tensor Evaluate(Activations activations) =>
        activations[filter.Layer].select(1, filter.Index).unsqueeze(1).flatten(1).mean([1]);
}
