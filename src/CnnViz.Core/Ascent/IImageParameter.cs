using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>What an ascent changes, and the images that it stands for.</summary>
internal interface IImageParameter : IDisposable
{
    /// <summary>The leaf tensors that gradients are taken for; the first dimension counts the images.</summary>
    IReadOnlyList<torch.Tensor> Variables { get; }

    /// <summary>The images, N×C×H×W, RGB, nominally 0…1, as a differentiable function of the variables.</summary>
    torch.Tensor ToImages();

    /// <summary>The finished pictures, N×C×H×W, RGB, within 0…1, without the border.</summary>
    torch.Tensor ToPictures();
}
