using CnnViz.Kernels;
using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>A function that cuts values off: ReLU, ReLU6, clip.</summary>
/// <param name="kind">Its name.</param>
/// <param name="low">Lower end of its range; may be −∞.</param>
/// <param name="high">Upper end of its range; may be ∞.</param>
internal sealed class Rectifier(string kind, double low, double high) : Operator
{
    /// <summary>Lower end of its range.</summary>
    public double Low => low;

    public override string Kind => kind;

    public override KernelValue? AddTo(KernelPlanBuilder plan, KernelValue[] inputs) =>
        inputs[0].Map is { } map ? inputs[0] with { Map = plan.Clamp(map, new ValueRange((float)low, (float)high)) } : null;

    public override torch.Tensor Forward(torch.Tensor[] inputs) =>
        low == 0 && double.IsPositiveInfinity(high) ? inputs[0].relu() : inputs[0].Clamp(low, high);

    protected override long[] SketchShape(torch.Tensor[] inputs) => inputs[0].shape;

    /// <summary>The same values, with gradients that lead back from where it is cut off.</summary>
    public torch.Tensor ForwardRedirected(torch.Tensor input) => InwardClamp.Apply(input, low, high);
}
