using CnnViz.Ascent;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Ascent;

/// <summary>What is done without libtorch gives what libtorch gives, values and gradients.</summary>
public sealed class ViewKernelTests : EngineTest
{
    private static readonly float[] s_matrix = [0.7f, 0.3f, -0.2f, 0.6f, -0.1f, 0.4f, 0.5f, -0.6f, 0.1f];

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

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 37, 53)]
    public void Colors(int images, int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        AssertSame(image => ColorSigmoid.Apply(image, s_matrix), MixedColors, [images, 3, height, width]);
    }

    [Fact]
    public void ColorsOfAllSizesAreExact()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        float[] unchanged = [1, 0, 0, 0, 1, 0, 0, 0, 1];
        torch.Tensor raw = torch.cat([torch.linspace(-120, 120, 30000), torch.linspace(-6, 6, 30000)]).reshape(1, 3, 200, 100);

        // Three units in the last place below one: what rounding the exponential, the sum and the quotient can come to.
        Assert.InRange((ColorSigmoid.Apply(raw, unchanged) - raw.sigmoid()).abs().max().ToDouble(), 0, 2e-7);

        float[] limits = [float.NegativeInfinity, float.PositiveInfinity, float.NaN];
        torch.Tensor gray = torch.tensor(limits).reshape(1, 1, 1, 3).expand(1, 3, 1, 3);
        float[] colors = [.. ColorSigmoid.Apply(gray, [1, 1, 1, 1, 1, 1, 1, 1, 1])[0, 0, 0].data<float>()];
        Assert.InRange(colors[0], 0, 2e-7f);
        Assert.Equal([1, float.NaN], colors[1..]);
    }

    [Theory]
    [InlineData(EdgeMode.Reflect, 37, 53, 37, 53)]
    [InlineData(EdgeMode.Repeat, 37, 53, 24, 31)]
    [InlineData(EdgeMode.Grey, 37, 53, 50, 64)]
    [InlineData(EdgeMode.Wrap, 37, 53, 37, 53)]
    [InlineData(EdgeMode.Reflect, 2, 1, 5, 3)]
    [InlineData(EdgeMode.Wrap, 2, 1, 5, 3)]
    public void ResamplingOfAnImageDoesNotDependOnOthers(EdgeMode edge, int height, int width, int viewHeight, int viewWidth)
    {
        var settings = new ViewSettings { Edge = edge, Height = viewHeight, Width = viewWidth };
        float[][] maps = [[1.02f, 0.05f, 0.1f, -0.04f, 0.97f, -0.03f], [0.5f, 0.9f, 0.4f, -0.8f, 0.6f, 1.7f], [1, 0, 0, 0, 1, 0]];
        AssertIndependent(
            (images, numbers) =>
            {
                torch.Tensor chosen = torch.tensor([.. numbers.SelectMany(number => maps[number])], [numbers.Length, 2, 3]);
                return new DrawnViews(settings, chosen, null, null).Apply(images);
            },
            [3, 3, height, width]);
    }

    [Theory]
    [InlineData(3, 37, 53)]
    [InlineData(3, 64, 40)]
    [InlineData(3, 5, 1)]
    [InlineData(1, 37, 53)]
    public void CompressionOfAnImageDoesNotDependOnOthers(int channels, int height, int width)
    {
        bool[] compressed = [true, false, true];
        AssertIndependent(
            (images, numbers) =>
            {
                bool[] chosen = [.. numbers.Select(number => compressed[number])];
                return new DrawnViews(new ViewSettings { CompressionQuality = 60 }, null, null, chosen).Apply(images);
            },
            [3, channels, height, width]);
    }

    [Theory]
    [InlineData(37, 53)]
    [InlineData(3, 5)]
    public void ColorsOfAnImageDoNotDependOnOthers(int height, int width) =>
        AssertIndependent((images, _) => ColorSigmoid.Apply(images * 8 - 4, s_matrix), [3, 3, height, width]);

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

    // To the last bit: alone and in a batch, however many threads there are.
    private static void AssertIndependent(Func<torch.Tensor, int[], torch.Tensor> apply, long[] shape)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor images = torch.rand(shape, generator: new torch.Generator(3));
        int threads = torch.get_num_threads();
        try
        {
            torch.set_num_threads(1);
            byte[][] expected = [.. Enumerable.Range(0, (int)shape[0]).SelectMany(number => Bytes([number]))];
            Assert.All([1, 2, 3, 5], count =>
            {
                torch.set_num_threads(count);
                Assert.Equal(expected, Bytes([.. Enumerable.Range(0, (int)shape[0])]));
                Assert.Equal(expected[..2], Bytes([0]));
            });
        }
        finally
        {
            torch.set_num_threads(threads);
        }

        // Of each image the values and the gradient.
        byte[][] Bytes(int[] numbers)
        {
            torch.Tensor chosen = images[torch.tensor(numbers)].detach().requires_grad_();
            torch.Tensor values = apply(chosen, numbers);
            torch.Tensor weights = torch.cat(
                [.. numbers.Select(number => torch.rand([1, .. values.shape[1..]], generator: new torch.Generator((ulong)number)) - 0.5f)]);
            torch.Tensor gradient = torch.autograd.grad([values], [chosen], [weights])[0];
            return [.. numbers.SelectMany((_, i) => new[] { BytesOf(values[i]), BytesOf(gradient[i]) })];
        }

        static byte[] BytesOf(torch.Tensor values) => values.detach().clone().bytes.ToArray();
    }

    private static torch.Tensor MixedColors(torch.Tensor raw) =>
        torch.matmul(torch.tensor(s_matrix, [3, 3]), raw.flatten(2)).sigmoid().reshape(raw.shape);
}
