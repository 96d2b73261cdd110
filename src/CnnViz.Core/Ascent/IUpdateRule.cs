using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>How a gradient becomes a change.</summary>
internal interface IUpdateRule
{
    /// <summary>Moves a variable uphill, in place.</summary>
    /// <param name="variable">The variable; its first dimension counts the images.</param>
    /// <param name="gradient">Its gradient, finite.</param>
    void Step(torch.Tensor variable, torch.Tensor gradient);
}
