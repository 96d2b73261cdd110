using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// <see cref="JpegCompression"/> of those images of a batch that are to be compressed, on the processor; strips of images are divided among
/// the threads.
/// </summary>
internal sealed class JpegRounding : torch.autograd.SingleTensorFunction<JpegRounding>
{
    private const string Rounder = "rounder";

    public override string Name => nameof(JpegRounding);

    /// <summary>Compresses images and opens them again.</summary>
    /// <param name="images">N×C×H×W, float32, on the processor, 0…1.</param>
    /// <param name="luminance">Steps of the frequencies of brightness, 8×8.</param>
    /// <param name="chrominance">Steps of the frequencies of colours, 8×8.</param>
    /// <param name="isCompressed">For each image whether it is to be compressed; the others stay as they are.</param>
    /// <returns>The same shape; differentiable.</returns>
    public static torch.Tensor Apply(torch.Tensor images, float[] luminance, float[] chrominance, bool[] isCompressed) =>
        apply(images, new JpegRounder(images.shape, luminance, chrominance, isCompressed));

    public override torch.Tensor forward(torch.autograd.AutogradContext context, params object[] vars)
    {
        var rounder = (JpegRounder)vars[1];
        context.save_data(Rounder, rounder);
        using torch.Tensor images = ((torch.Tensor)vars[0]).detach().contiguous();
        torch.Tensor opened = torch.empty(images.shape);
        rounder.Compress(images, opened);
        return opened;
    }

    public override List<torch.Tensor> backward(torch.autograd.AutogradContext context, torch.Tensor grad_output)
    {
        var rounder = (JpegRounder)context.get_data(Rounder);
        using torch.Tensor gradient = grad_output.detach().contiguous();
        torch.Tensor result = torch.empty(gradient.shape);
        rounder.Pass(gradient, result);
        return [result, null!];
    }
}
