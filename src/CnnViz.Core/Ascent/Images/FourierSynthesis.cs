using CnnViz.Kernels;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>Images from Fourier coefficients times a gain, on the processor; images are divided among the threads.</summary>
internal sealed class FourierSynthesis : torch.autograd.SingleTensorFunction<FourierSynthesis>
{
    private const string Spectrum = "spectrum";

    public override string Name => nameof(FourierSynthesis);

    /// <summary>The images.</summary>
    /// <param name="coefficients">N×C×H×(W/2+1)×2, float32, on the processor, contiguous.</param>
    /// <param name="gain">H×(W/2+1)×2.</param>
    /// <param name="slope">The same for the gradient: a column that stands for its mirror image too counts twice.</param>
    /// <param name="width">W.</param>
    /// <returns>N×C×H×W; differentiable with respect to the coefficients.</returns>
    public static torch.Tensor Apply(torch.Tensor coefficients, torch.Tensor gain, torch.Tensor slope, long width) =>
        apply(coefficients, new GainedSpectrum(gain, slope, coefficients.shape, width));

    public override torch.Tensor forward(torch.autograd.AutogradContext context, params object[] vars)
    {
        var spectrum = (GainedSpectrum)vars[1];
        context.save_data(Spectrum, spectrum);
        using torch.Tensor coefficients = ((torch.Tensor)vars[0]).detach();
        torch.Tensor images = torch.empty(spectrum.ImageShape);
        spectrum.ForEachImage(coefficients, images, (source, target) => target.copy_(torch.fft.irfft2(
            torch.view_as_complex(source * spectrum.Gain), spectrum.Size, norm: FFTNormType.Ortho)));
        return images;
    }

    public override List<torch.Tensor> backward(torch.autograd.AutogradContext context, torch.Tensor grad_output)
    {
        var spectrum = (GainedSpectrum)context.get_data(Spectrum);
        using torch.Tensor gradient = grad_output.detach();
        torch.Tensor result = torch.empty(spectrum.Shape);
        spectrum.ForEachImage(result, gradient, (target, source) =>
        {
            torch.Tensor slopes = torch.view_as_real(torch.fft.rfft2(source, norm: FFTNormType.Ortho));
            target.copy_(slopes.mul_(spectrum.Slope));
        });
        return [result, null!];
    }

    private sealed record GainedSpectrum(torch.Tensor Gain, torch.Tensor Slope, long[] Shape, long Width)
    {
        public long[] Size => [Shape[2], Width];

        public long[] ImageShape => [.. Shape[..2], .. Size];

        // Image by image: libtorch rounds differently for another number of planes at once, and what is alone is to be as it is in a batch.
        public void ForEachImage(torch.Tensor coefficients, torch.Tensor images, Action<torch.Tensor, torch.Tensor> work) =>
            WorkerTeam.Run(LibtorchThreads.Count, share =>
            {
                (int first, int last) = share.Of((int)Shape[0]);
                for (int image = first; image < last; image++)
                {
                    // On whatever thread this is.
                    using DisposeScope scope = torch.NewDisposeScope();
                    using var noGradients = torch.no_grad();
                    work(coefficients.select(0, image), images.select(0, image));
                }
            });
    }
}
