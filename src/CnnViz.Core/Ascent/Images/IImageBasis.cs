using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The variables that an ascent changes, and the raw values of the images that they stand for.</summary>
internal interface IImageBasis : IDisposable
{
    /// <summary>The leaf tensors that gradients are taken for; the first dimension counts the images.</summary>
    IReadOnlyList<torch.Tensor> Variables { get; }

    /// <summary>N×C×H×W, a differentiable function of the variables; 0 stands for middle grey.</summary>
    torch.Tensor Synthesize();
}
