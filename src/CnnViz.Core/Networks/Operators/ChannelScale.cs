using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>A trained factor for each channel.</summary>
internal sealed class ChannelScale : Operator
{
    private readonly torch.Tensor _weight;

    /// <param name="weight">C×1×1.</param>
    public ChannelScale(torch.Tensor weight) => _weight = Own(weight);

    public override string Kind => "Mul";

    public override bool IsAffine => true;

    public override (torch.Tensor Gain, torch.Tensor Offset)? ChannelAffine => (_weight.flatten().clone(), torch.zeros_like(_weight).flatten());

    public override torch.Tensor Forward(torch.Tensor[] inputs) => inputs[0] * _weight;
}
