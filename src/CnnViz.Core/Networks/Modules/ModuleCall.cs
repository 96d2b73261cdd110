using TorchSharp;

namespace CnnViz.Networks.Modules;

/// <summary>A call that a module makes of one of its submodules on the way of an image.</summary>
/// <param name="Name">The submodule's name, with dots between it and those of the modules around it; a second call has _1 behind it, a
/// third _2.</param>
/// <param name="Module">The submodule.</param>
/// <param name="Number">How many calls of the submodule come before, in one run.</param>
/// <param name="PassesOn">Whether it gives what the last call within it gave.</param>
internal sealed record ModuleCall(string Name, torch.nn.Module<torch.Tensor, torch.Tensor> Module, int Number, bool PassesOn)
{
    /// <summary>The name of the submodule's class.</summary>
    public string Kind => Module.GetType().Name.Split('`')[0];
}
