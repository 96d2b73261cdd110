using CnnViz.Ascent;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Ascent;

/// <summary>What is done without libtorch gives what libtorch gives, values and gradients.</summary>
public sealed class ViewKernelTests : EngineTest
{
    [Theory]
    [InlineData(EdgeMode.Reflect, torch.GridSamplePaddingMode.Reflection, 1, 3, 16, 20, 16, 20)]
    [InlineData(EdgeMode.Reflect, torch.GridSamplePaddingMode.Reflection, 3, 3, 16, 20, 9, 11)]
    [InlineData(EdgeMode.Repeat, torch.GridSamplePaddingMode.Border, 2, 1, 15, 20, 15, 20)]
    [InlineData(EdgeMode.Grey, torch.GridSamplePaddingMode.Zeros, 2, 4, 16, 20, 24, 30)]
    public void Resampling(
        EdgeMode edge, torch.GridSamplePaddingMode mode, int images, int channels, int height, int width, int viewHeight, int viewWidth)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var settings = new ViewSettings { Edge = edge, Height = viewHeight, Width = viewWidth };
        torch.Tensor maps = torch.tensor(Enumerable.Range(0, images)
            .SelectMany(i => new[] { 0.9f + i, 0.31f, 0.2f * i, -0.3f, 1.2f + 0.5f * i, -0.15f }).ToArray()).reshape(images, 2, 3);
        float middle = edge == EdgeMode.Grey ? 0.5f : 0;
        AssertSame(
            image => new DrawnViews(settings, maps, null, null).Apply(image),
            image => grid_sample(
                image - middle,
                affine_grid(maps, [images, channels, viewHeight, viewWidth], align_corners: false),
                torch.GridSampleMode.Bilinear,
                mode,
                align_corners: false) + middle,
            [images, channels, height, width]);
    }

    [Theory]
    [InlineData(3, 32, 48, 75)]
    [InlineData(3, 37, 21, 40)]
    [InlineData(1, 19, 40, 75)]
    [InlineData(4, 16, 16, 90)]
    public void Compression(int channels, int height, int width, int quality)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        bool[] chosen = [true, false, true];
        AssertSame(
            image => new DrawnViews(new ViewSettings { CompressionQuality = quality }, null, null, chosen).Apply(image),
            image => torch.where(
                torch.tensor(chosen).reshape(3, 1, 1, 1), new JpegCompression(quality).Apply(image), image),
            [3, channels, height, width]);
    }

    private static void AssertSame(Func<torch.Tensor, torch.Tensor> apply, Func<torch.Tensor, torch.Tensor> reference, long[] shape)
    {
        torch.Tensor image = torch.rand(shape, generator: new torch.Generator(3)).requires_grad_();
        torch.Tensor actual = apply(image);
        torch.Tensor expected = reference(image);
        torch.Tensor weights = torch.rand(expected.shape, generator: new torch.Generator(4));

        Assert.Equal(expected.shape, actual.shape);

        // A frequency right between two steps may be rounded to either.
        Assert.InRange((expected - actual).abs().mean().ToDouble(), 0, 2e-5);
        torch.Tensor gradient = torch.autograd.grad([(actual * weights).sum()], [image])[0];
        torch.Tensor aim = torch.autograd.grad([(expected * weights).sum()], [image])[0];
        Assert.InRange((aim - gradient).abs().max().ToDouble(), 0, 1e-3);
        Assert.InRange((aim - gradient).abs().mean().ToDouble(), 0, 2e-5);
    }
}
