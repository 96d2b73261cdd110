using CnnViz.Ascent;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

/// <summary>Images from Fourier coefficients.</summary>
public sealed class FourierBasisTests : EngineTest
{
    // What single precision leaves of values around one after a transform.
    private const double Rounding = 1e-6;

    [Theory]
    [InlineData(1, 3, 16, 20)]
    [InlineData(3, 3, 15, 21)]
    [InlineData(2, 1, 8, 2)]
    [InlineData(2, 4, 7, 1)]
    public void Gradients_are_those_of_libtorch(int images, int channels, int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor start = torch.randn([images, .. FourierBasis.Shape(channels, height, width)], generator: new torch.Generator(1));
        torch.Tensor weights = torch.randn([images, channels, height, width], generator: new torch.Generator(2));
        using var basis = new FourierBasis(start, height, width, decay: 0);
        torch.Tensor coefficients = start.clone().requires_grad_();

        torch.Tensor actual = basis.Synthesize();
        torch.Tensor expected = torch.fft.irfft2(torch.view_as_complex(coefficients / 4), [height, width], norm: FFTNormType.Ortho);

        Assert.InRange((actual - expected).abs().max().ToDouble(), 0, Rounding);
        torch.Tensor gradient = torch.autograd.grad([(actual * weights).sum()], [basis.Variables[0]])[0];
        torch.Tensor aim = torch.autograd.grad([(expected * weights).sum()], [coefficients])[0];
        Assert.InRange((gradient - aim).abs().max().ToDouble(), 0, Rounding);
    }

    [Fact]
    public void An_image_is_the_same_whatever_is_beside_it()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor start = torch.randn([5, .. FourierBasis.Shape(3, 48, 52)], generator: new torch.Generator(1));
        using var all = new FourierBasis(start, 48, 52, decay: 1);
        using var last = new FourierBasis(start.narrow(0, 4, 1), 48, 52, decay: 1);

        Assert.True(all.Synthesize().narrow(0, 4, 1).Equals(last.Synthesize()));
    }
}
