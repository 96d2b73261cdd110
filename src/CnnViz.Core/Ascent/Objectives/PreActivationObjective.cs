using CnnViz.Models;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The value of a filter, with the gradient of what its rectifier cuts off.</summary>
/// <param name="filter">The filter behind the rectifier.</param>
/// <param name="source">The same filter before it.</param>
internal sealed class PreActivationObjective(CnnFilter filter, CnnFilter source) : CnnObjective
{
    private readonly FilterObjective _value = new(filter);
    private readonly FilterObjective _gradient = new(source);

    internal override IReadOnlyList<CnnLayer> Layers { get; } = [filter.Layer, source.Layer];

    /// <summary>As the filter's.</summary>
    public override string ToString() => _value.ToString();

    internal override torch.Tensor Evaluate(Activations activations)
    {
        torch.Tensor gradient = _gradient.Evaluate(activations);
        return _value.Evaluate(activations).detach() + gradient - gradient.detach();
    }
}
