using CnnViz.Networks.Graphs;
using CnnViz.Networks.Modules;
using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>
/// What a TorchSharp module's call of one of its submodules gives. Its input is the module's: an image. Several of one module are computed
/// in one run (<see cref="SubGraph"/>). The weights are the module's, and do not go with the operator.
/// </summary>
/// <param name="module">The module.</param>
/// <param name="call">The call.</param>
internal sealed class ModuleOutput(HookedModule module, ModuleCall call) : Operator
{
    public override string Kind { get; } = call.Kind;

    /// <summary>The module that makes the call.</summary>
    public HookedModule Module => module;

    /// <summary>The call.</summary>
    public ModuleCall Call => call;

    // Its own alone, and with its first call: what is within it, or called again, would count twice.
    public override long ParameterCount =>
        call.Number > 0 ? 0 : call.Module.named_parameters(recurse: false).Sum(pair => pair.parameter.numel());

    public override float[]? FilterNorms => call.Module switch
    {
        TorchSharp.Modules.Conv2d convolution => convolution.weight.RowNorms(),
        TorchSharp.Modules.Linear linear => linear.weight.RowNorms(),
        _ => null,
    };

    public override torch.Tensor Forward(torch.Tensor[] inputs) => module.Run(inputs[0], [call], redirectGradients: false)[0];

    // What lies between the image and the call is the module's secret.
    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) => ReceptiveField.WholeImage;
}
