using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The pixels themselves.</summary>
internal sealed class PixelBasis : IImageBasis
{
    private readonly torch.Tensor _pixels;

    /// <param name="start">N×C×H×W raw values to start from; copied.</param>
    public PixelBasis(torch.Tensor start) => _pixels = start.clone().DetachFromDisposeScope().requires_grad_();

    public IReadOnlyList<torch.Tensor> Variables => [_pixels];

    public torch.Tensor Synthesize() => _pixels;

    public void Dispose() => _pixels.Dispose();
}
