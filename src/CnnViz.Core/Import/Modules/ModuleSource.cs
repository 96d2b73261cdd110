using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using TorchSharp;

namespace CnnViz.Import.Modules;

/// <summary>What <see cref="ModuleReader"/> makes of a module.</summary>
/// <param name="Graph">The network; the receiver owns it, and not the module.</param>
/// <param name="InputShape">The image that it was run with.</param>
/// <param name="Device">Where its weights are.</param>
/// <param name="Sha256">SHA-256 of the file that the module's <c>save</c> would write now, in lower-case hexadecimal.</param>
internal sealed record ModuleSource(Graph Graph, LayerShape InputShape, torch.Device Device, string Sha256)
{
    /// <summary>What the user should know about layers that cannot be seen; null where all can.</summary>
    public string? Remark { get; init; }
}
