using CnnViz.Ascent;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

public sealed class PercentilesTests : EngineTest
{
    [Fact]
    public void Values_are_stretched_image_by_image()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor ramp = torch.arange(101, torch.float32).reshape(1, 1, 1, 101);

        torch.Tensor stretched = Percentiles.Stretch(torch.cat([ramp / 1000 + 3, -ramp]), 10, 90);

        Assert.Equal(0, stretched[0, 0, 0, ..11].max().ToSingle(), 1e-4f);
        Assert.Equal(0.5, stretched[0, 0, 0, 50].ToSingle(), 1e-3f);
        Assert.Equal(1, stretched[0, 0, 0, 90..].min().ToSingle(), 1e-3f);
        Assert.Equal(0, (stretched[1] + stretched[0] - 1).abs().max().ToSingle(), 1e-3f);
    }

    [Theory]
    [InlineData(80, new[] { 0, 0.25f, 0.5f, 0.75f, 1, 1 })]
    [InlineData(0, new[] { 0f, 1, 1, 1, 1, 1 })]
    public void Values_become_shares_of_a_percentile_be_it_zero(double high, float[] expected)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor values = torch.tensor(new[] { 0, 1, 2, 3, 4, 9f }).reshape(1, 2, 3);

        Assert.Equal(expected, Percentiles.Clip(values, high).ToFloats());
    }

    [Fact]
    public void Images_of_one_value_stay_finite()
    {
        using DisposeScope scope = torch.NewDisposeScope();

        Assert.All(Percentiles.Stretch(torch.full([1, 3, 4, 4], 0.3), 1, 99).ToFloats(), value => Assert.InRange(value, 0, 1));
        Assert.All(Percentiles.Clip(torch.zeros(1, 4, 4), 80).ToFloats(), value => Assert.Equal(0, value));
    }
}
