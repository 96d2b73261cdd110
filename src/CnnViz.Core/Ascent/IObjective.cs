using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>What is to be raised.</summary>
internal interface IObjective
{
    /// <summary>One value an image.</summary>
    /// <param name="output">The layer's output, N×C×H×W or N×C.</param>
    /// <returns>N values.</returns>
    torch.Tensor Evaluate(torch.Tensor output);
}
