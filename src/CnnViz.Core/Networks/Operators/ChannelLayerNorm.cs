using CnnViz.Kernels;
using CnnViz.Networks.Graphs;
using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>Layer normalization over the channels of each position of N×C×H×W. Known as LayerNorm2d.</summary>
internal sealed class ChannelLayerNorm : Operator
{
    /// <summary>Its type in a <see cref="NodeDefinition"/>: ONNX has it along the last dimension only.</summary>
    public const string DefinitionType = "ChannelLayerNormalization";

    private readonly LayerNorm _inner;

    public ChannelLayerNorm(torch.Tensor weight, torch.Tensor? bias, double epsilon)
    {
        _inner = new LayerNorm(Own(weight), OwnOptional(bias), -1, epsilon);
    }

    public override string Kind => "LayerNorm2d";

    protected override Kernel? CreateKernel(MapShape[] inputs) => _inner.CreateKernel(inputs[0]);

    public override torch.Tensor Forward(torch.Tensor[] inputs) =>
        _inner.Forward([inputs[0].permute(0, 2, 3, 1)]).permute(0, 3, 1, 2).contiguous();
}
