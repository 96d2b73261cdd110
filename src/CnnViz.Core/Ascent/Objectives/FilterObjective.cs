using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The mean activation of one filter's map, or of a part of it.</summary>
/// <param name="filter">The filter.</param>
/// <param name="area">The part that counts.</param>
internal sealed class FilterObjective(CnnFilter filter, MapArea area) : CnnObjective
{
    public FilterObjective(CnnFilter filter)
        : this(filter, MapArea.Whole)
    {
    }

    internal override IReadOnlyList<CnnLayer> Layers { get; } = [filter.Layer];

    internal override CnnFilter Filter => filter;

    internal override bool IsAffine => true;

    internal override bool LooksAtPart => area != MapArea.Whole;

    internal override bool IsToldByText => true;

    internal override string SeedText => $"{filter.Layer.NodeName}:{filter.Index}{area}";

    internal override CnnObjective? BeforeRectifier => PreActivationObjective.For(filter, area);

    /// <summary>Such as <c>conv1:3</c> or <c>conv1:3[7,7]</c>.</summary>
    public override string ToString() => $"{filter}{area}";

    internal override torch.Tensor Evaluate(Activations activations) =>
        area.Cut(activations[filter.Layer].narrow(1, filter.Index, 1)).flatten(1).mean([1]);

    internal override torch.Tensor Excess(Activations activations)
    {
        torch.Tensor means = area.Cut(activations[filter.Layer]).mean([2, 3]);
        return (means.amax([1]) - means.select(1, filter.Index)).ClampMin(0);
    }
}
