using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// What libtorch's <c>affine_grid</c> and <c>grid_sample</c> do (bilinear, corners not aligned) without a grid in between, on the processor;
/// rows are divided among the threads.
/// </summary>
internal sealed class AffineSampling : torch.autograd.SingleTensorFunction<AffineSampling>
{
    private const string Sampler = "sampler";

    public override string Name => nameof(AffineSampling);

    /// <summary>Views of images.</summary>
    /// <param name="images">N×C×H×W, float32, on the processor.</param>
    /// <param name="maps">N×2×3 affine maps from places in the view to places in the image, both −1…1 between the edges.</param>
    /// <param name="height">Height of views.</param>
    /// <param name="width">Width of views.</param>
    /// <param name="edge">What lies beyond the edge of an image.</param>
    /// <returns>N×C×height×width; differentiable with respect to the images.</returns>
    public static torch.Tensor Apply(torch.Tensor images, torch.Tensor maps, int height, int width, EdgeMode edge) =>
        apply(images, new AffineSampler(maps.ToFloats(), images.shape, height, width, edge));

    public override torch.Tensor forward(torch.autograd.AutogradContext context, params object[] vars)
    {
        var sampler = (AffineSampler)vars[1];
        context.save_data(Sampler, sampler);
        using torch.Tensor images = ((torch.Tensor)vars[0]).detach().contiguous();
        torch.Tensor views = torch.empty(sampler.ViewShape);
        sampler.Gather(images, views);
        return views;
    }

    public override List<torch.Tensor> backward(torch.autograd.AutogradContext context, torch.Tensor grad_output)
    {
        var sampler = (AffineSampler)context.get_data(Sampler);
        using torch.Tensor views = grad_output.detach().contiguous();
        torch.Tensor images = torch.empty(sampler.ImageShape);
        sampler.Scatter(images, views);
        return [images, null!];
    }
}
