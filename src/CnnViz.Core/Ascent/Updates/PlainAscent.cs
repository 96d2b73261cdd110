using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>A step along the gradient, with or without a share of the last one.</summary>
/// <param name="stepSize">What the gradient is multiplied by.</param>
/// <param name="momentum">The share of the last change; 0 for none.</param>
/// <param name="variables">Number of variables.</param>
internal sealed class PlainAscent(float stepSize, double momentum, int variables) : IUpdateRule
{
    private readonly torch.Tensor?[] _velocities = new torch.Tensor?[variables];

    public torch.Tensor Change(int variable, torch.Tensor gradient)
    {
        if (momentum == 0)
        {
            return gradient.Mul(stepSize);
        }

        torch.Tensor velocity = _velocities[variable] ??= torch.zeros_like(gradient).DetachFromDisposeScope();
        velocity.MulInPlace(momentum).AddInPlace(gradient);
        return velocity.Mul(stepSize);
    }

    public void Dispose()
    {
        foreach (torch.Tensor? velocity in _velocities)
        {
            velocity?.Dispose();
        }
    }
}
