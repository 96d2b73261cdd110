using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The value of a filter, with the gradient of what its rectifier cuts off.</summary>
internal sealed class PreActivationObjective : CnnObjective
{
    private readonly FilterObjective _value;
    private readonly FilterObjective _gradient;

    private PreActivationObjective(CnnFilter filter, CnnFilter source, MapArea area)
    {
        _value = new FilterObjective(filter, area);
        _gradient = new FilterObjective(source, area);
        Layers = [filter.Layer, source.Layer];
    }

    internal override IReadOnlyList<CnnLayer> Layers { get; }

    internal override CnnFilter? Filter => _value.Filter;

    /// <summary>For a filter of a rectifying layer; null for another.</summary>
    public static PreActivationObjective? For(CnnFilter filter, MapArea area)
    {
        GraphNode node = filter.Model.Graph.Nodes[filter.Layer.Node];
        CnnLayer? source = node.Operator is Rectifier
            ? filter.Model.Layers.FirstOrDefault(layer => layer.Node == node.Inputs[0])
            : null;
        return source is null ? null : new PreActivationObjective(filter, source.GetFilter(filter.Index), area);
    }

    /// <summary>As the filter's.</summary>
    public override string ToString() => _value.ToString();

    internal override torch.Tensor Evaluate(Activations activations)
    {
        torch.Tensor gradient = _gradient.Evaluate(activations);
        return _value.Evaluate(activations).detach().Add(gradient) - gradient.detach();
    }
}
