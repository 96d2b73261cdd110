using CnnViz.Ascent;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

public sealed class PhaseBasisTests : EngineTest
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 8, 8 },
        { 3, 7, 9 },
        { 3, 6, 9 },
        { 2, 9, 6 },
        { 5, 12, 4 },
        { 1, 1, 8 },
        { 1, 2, 3 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_gradient_is_that_of_finite_differences(int channels, int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor start = Random(2, channels, height, width);
        using var basis = new PhaseBasis(start, MagnitudesOf(Random(1, channels, height, width)));
        torch.Tensor phases = basis.Variables[0];
        torch.Tensor weights = Random(2, channels, height, width);
        torch.Tensor Value() => (basis.Synthesize() * weights).sum();
        torch.Tensor gradient = torch.autograd.grad([Value()], [phases])[0];
        torch.Tensor direction = torch.randn_like(gradient);
        using var noGradients = torch.no_grad();
        const double Small = 1e-6;
        phases.add_(direction * Small);
        double above = Value().ToDouble();
        phases.add_(direction * (-2 * Small));
        double below = Value().ToDouble();

        double expected = (gradient * direction).sum().ToDouble();
        Assert.Equal(expected, (above - below) / (2 * Small), 1e-6 * Math.Max(1, Math.Abs(expected)));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_magnitudes_are_the_given_ones_wherever_the_phases_go(int channels, int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor magnitudes = MagnitudesOf(Random(1, channels, height, width));
        using var basis = new PhaseBasis(Random(2, channels, height, width), magnitudes);
        foreach (int step in Enumerable.Range(0, 3))
        {
            basis.Variables[0].add_(torch.randn_like(basis.Variables[0]) * step);
            torch.Tensor images = basis.Synthesize();
            torch.Tensor ratio = WithoutMean(torch.fft.rfft2(images).abs()) / WithoutMean(magnitudes).unsqueeze(0);

            Assert.Equal([2, channels, height, width], images.shape);
            Assert.Equal(0, (ratio / ratio.mean() - 1).abs().max().ToDouble(), 1e-9);
            Assert.Equal(1, images[0].std(unbiased: false).ToDouble(), 1e-9);
            Assert.Equal(0, images.mean([2, 3]).abs().max().ToDouble(), 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_phases_are_those_of_the_start(int channels, int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor start = Random(2, channels, height, width);
        using var basis = new PhaseBasis(start, torch.ones([channels, height, width / 2 + 1], torch.float64));

        torch.Tensor expected = WithoutMean(torch.fft.rfft2(start));
        torch.Tensor actual = WithoutMean(torch.fft.rfft2(basis.Synthesize().detach()));
        Assert.Equal(0, (actual / actual.abs() - expected / expected.abs()).abs().max().ToDouble(), 1e-4);
    }

    [Fact]
    public void An_image_with_a_mirror_axis_keeps_it()
    {
        using DisposeScope scope = torch.NewDisposeScope();

        // Its coefficients are real: half of them have the phase π, all with the same sign of zero.
        torch.Tensor rows = torch.tensor(new[] { 0.0, 3, 1, 4, 5, 4, 1, 3 }).reshape(1, 1, 8, 1);
        torch.Tensor start = rows - rows.mean() + rows.reshape(1, 1, 1, 8) * 0.3;
        start -= start.mean();
        using var basis = new PhaseBasis(start, MagnitudesOf(start));

        Assert.Equal(0, (basis.Synthesize() * start.std(unbiased: false) - start).abs().max().ToDouble(), 1e-4);
    }

    [Fact]
    public void Phases_are_standardized_image_by_image()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var basis = new PhaseBasis(Random(2, 3, 8, 10), MagnitudesOf(Random(1, 3, 8, 10)));
        torch.Tensor before = basis.Synthesize();
        basis.Variables[0][0].mul_(7).add_(2);

        Assert.Equal(0, (basis.Synthesize() - before).abs().max().ToDouble(), 1e-5);
        basis.Variables[0][0].add_(torch.randn_like(basis.Variables[0][0]));
        torch.Tensor change = (basis.Synthesize() - before).abs().amax([1, 2, 3]);
        Assert.True(change[0].ToDouble() > 0.01);
        Assert.Equal(0, change[1].ToDouble(), 1e-5);
    }

    private static torch.Tensor Random(params long[] shape) => torch.randn(shape, torch.float64);

    private static torch.Tensor MagnitudesOf(torch.Tensor images) => torch.fft.rfft2(images)[0].abs();

    // All coefficients but the one of frequency 0, in one dimension.
    private static torch.Tensor WithoutMean(torch.Tensor spectrum) => spectrum.flatten(-2).narrow(-1, 1, spectrum.shape[^1] * spectrum.shape[^2] - 1);
}
