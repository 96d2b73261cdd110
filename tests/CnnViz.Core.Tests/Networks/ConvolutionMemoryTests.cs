using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;
using Padding = CnnViz.Networks.Operators.Padding;

namespace CnnViz.Tests.Networks;

/// <summary>What a convolution gives depends on its input and its weights, not on what the memory held before.</summary>
public sealed class ConvolutionMemoryTests : EngineTest
{
    [Theory]
    [InlineData(3, 64, 7)]
    [InlineData(10, 12, 3)]
    [InlineData(16, 24, 5)]
    [InlineData(20, 32, 3)]
    [InlineData(24, 10, 3)]
    [InlineData(24, 64, 5)]
    [InlineData(40, 40, 3)]
    [InlineData(24, 40, 1)]
    public void A_convolution_does_not_depend_on_what_the_memory_held(int inputs, int outputs, int kernel)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var window = new Window(
            new Extent(kernel, kernel),
            Extent.One,
            Extent.One,
            new Padding(kernel / 2, kernel / 2, kernel / 2, kernel / 2),
            PaddingRule.Explicit);
        AssertSteady(inputs, type => new Conv2d(
            Random([outputs, inputs, kernel, kernel]).to(type), Random([outputs]).to(type), window, 1));
    }

    [Theory]
    [InlineData(20, 32)]
    [InlineData(24, 24)]
    [InlineData(4, 5)]
    public void Nor_does_a_transposed_convolution(int inputs, int outputs)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var window = new Window(new Extent(3, 3), new Extent(2, 2), Extent.One, new Padding(1, 1, 1, 1), PaddingRule.Explicit);
        AssertSteady(inputs, type => new ConvTranspose2d(Random([inputs, outputs, 3, 3]).to(type), null, window, default, null, 1));
    }

    private static void AssertSteady(int inputs, Func<torch.ScalarType, Operator> make)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor image = torch.rand([1, inputs, 40, 40], generator: new torch.Generator(5));
        using Operator single = make(torch.ScalarType.Float32);
        using Operator exact = make(torch.ScalarType.Float64);
        (torch.Tensor expected, torch.Tensor expectedGradient) = Run(exact, image.to(torch.ScalarType.Float64));
        for (int i = 0; i < 5; i++)
        {
            Spoil();
            (torch.Tensor output, torch.Tensor gradient) = Run(single, image);

            Assert.True((output - expected).abs().max().ToDouble() < 1e-3);
            Assert.True((gradient - expectedGradient).abs().max().ToDouble() < 1e-2);
        }
    }

    private static (torch.Tensor Output, torch.Tensor Gradient) Run(Operator made, torch.Tensor image)
    {
        Spoil();
        torch.Tensor input = image.detach().requires_grad_();
        torch.Tensor output = made.Run([input]);
        Spoil();
        return (output.detach(), torch.autograd.grad([output.square().sum() / output.shape[1]], [input])[0]);
    }

    // Freed memory that is full of what is no number.
    private static void Spoil()
    {
        for (int size = 1000; size < 2_000_000; size *= 2)
        {
            torch.full([size], float.NaN).Dispose();
        }
    }

    private static torch.Tensor Random(long[] shape) => torch.randn(shape, generator: new torch.Generator(9));
}
