using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>A module of TorchScript that is run by libtorch's interpreter, as one operation.</summary>
internal sealed class ScriptBlock : Operator
{
    private readonly torch.jit.ScriptModule _module;

    /// <param name="module">The module, in evaluation mode; the operator takes it over.</param>
    /// <param name="kind">Name of its class.</param>
    public ScriptBlock(torch.jit.ScriptModule module, string kind)
    {
        _module = module;
        Kind = kind;
        foreach (TorchSharp.Modules.Parameter parameter in module.parameters())
        {
            Own(parameter);
        }
    }

    public override string Kind { get; }

    public override float[]? FilterNorms =>
        Kind is "Conv2d" or "Linear" && Weights.FirstOrDefault(weight => weight.dim() > 1) is { } weight ? weight.RowNorms() : null;

    public override torch.Tensor Forward(torch.Tensor[] inputs) => _module.forward(inputs[0]) as torch.Tensor
        ?? throw new InvalidOperationException("It gives no single tensor.");

    // What lies within is not known.
    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) => ReceptiveField.WholeImage;
}
