using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>A dense layer: x·Wᵀ + b with W of units×inputs. Its filters are its units.</summary>
internal sealed class Linear : Operator
{
    private readonly torch.Tensor _weight;
    private readonly torch.Tensor? _bias;

    public Linear(torch.Tensor weight, torch.Tensor? bias)
    {
        _weight = Own(weight);
        _bias = OwnOptional(bias);
    }

    public override string Kind => "Linear";

    public override bool IsAffine => true;

    public override float[] FilterNorms => _weight.RowNorms();

    public override torch.Tensor Forward(torch.Tensor[] inputs) => torch.nn.functional.linear(inputs[0], _weight, _bias);

    protected override long[]? SketchShape(torch.Tensor[] inputs) =>
        inputs[0].shape[^1] == _weight.shape[1] ? [.. inputs[0].shape[..^1], _weight.shape[0]] : null;

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) => ReceptiveField.WholeImage;
}
