using CnnViz.Ascent;
using CnnViz.Pictures;
using CnnViz.Showing.Files;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

public sealed class JpegCompressionTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(3, 64, 64, 75)]
    [InlineData(3, 50, 37, 75)]
    [InlineData(3, 64, 64, 30)]
    [InlineData(1, 40, 23, 90)]
    public void It_is_what_a_JPEG_file_keeps(int channels, int height, int width, int quality)
    {
        torch.Tensor picture = Picture(channels, height, width);

        torch.Tensor file = ImageFile.ThroughJpeg(picture, quality);
        torch.Tensor ours = new JpegCompression(quality).Apply(picture.unsqueeze(0), [true])[0];

        // Two levels of 255: files round to 8 bits at every stage, and decoders smooth colours each in its own way.
        double loss = (file - picture).abs().mean().ToDouble();
        Assert.InRange((file - ours).abs().mean().ToDouble(), 0, 0.01);
        Assert.InRange((ours - picture).abs().mean().ToDouble(), 0.9 * loss, 1.1 * loss);
    }

    [Fact]
    public void Brightness_that_is_rounded_away_has_a_gradient_and_fine_colour_has_none()
    {
        torch.Tensor image = torch.full([1, 3, 32, 32], 0.5f).requires_grad_();
        torch.Tensor stripes = (torch.arange(32) % 2 * 2 - 1).to(torch.ScalarType.Float32);
        torch.Tensor opened = new JpegCompression(75).Apply(image, [true]);

        torch.Tensor bright = torch.autograd.grad([(opened * stripes).sum()], [image], retain_graph: true)[0];
        torch.Tensor colour = torch.autograd.grad([(opened.select(1, 0) * stripes - opened.select(1, 2) * stripes).sum()], [image])[0];

        Assert.Equal(0, (bright.sum(1) - stripes * 3).abs().max().ToDouble(), 3);
        Assert.Equal(0, colour[.., .., .., 4..^4].abs().max().ToDouble(), 3);
    }

    [Fact]
    public void Views_are_compressed_as_often_as_they_are_to_be()
    {
        torch.Tensor images = Picture(3, 32, 32).unsqueeze(0);
        torch.Tensor compressed = new JpegCompression(50).Apply(images, [true]);
        using var random = new torch.Generator(1);
        var views = new RandomViews(new ViewSettings { Compressed = 0.7, CompressionQuality = 50 }, [random]);

        int hits = 0;
        for (int i = 0; i < 200; i++)
        {
            torch.Tensor seen = views.Next(images.shape[1..], 0).Apply(images);
            bool isCompressed = seen.equal(compressed).all().ToBoolean();
            Assert.True(isCompressed || seen.equal(images).all().ToBoolean());
            hits += isCompressed ? 1 : 0;
        }

        Assert.InRange(hits, 115, 165);
    }

    // Coarse shapes and fine noise, in colour.
    private static torch.Tensor Picture(int channels, int height, int width)
    {
        using var random = new torch.Generator(3);
        torch.Tensor coarse = torch.nn.functional.interpolate(
            torch.rand([1, channels, 5, 5], generator: random), [height, width], mode: torch.InterpolationMode.Bilinear);
        return (coarse[0] * 0.8f + torch.rand([channels, height, width], generator: random) * 0.2f).mul(255).round().div(255);
    }
}
