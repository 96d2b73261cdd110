using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>How a gradient becomes a change.</summary>
internal interface IUpdateRule : IDisposable
{
    /// <summary>The change that leads uphill.</summary>
    /// <param name="variable">Number of the variable.</param>
    /// <param name="gradient">Its gradient, finite; the first dimension counts the images.</param>
    /// <returns>What to add to the variable; belongs to the caller's dispose scope.</returns>
    torch.Tensor Change(int variable, torch.Tensor gradient);
}
