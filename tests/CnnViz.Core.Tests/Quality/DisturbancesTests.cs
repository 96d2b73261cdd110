using CnnViz.Networks.Operators;
using CnnViz.Quality;
using TorchSharp;

namespace CnnViz.Tests.Quality;

public sealed class DisturbancesTests : EngineTest, IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string> All => ["Smaller", "Larger", "Shift", "Left", "Right", "Jpeg"];

    [Theory]
    [MemberData(nameof(All))]
    public void A_picture_of_one_colour_stays_as_it_is(string name)
    {
        torch.Tensor picture = torch.full([3, 40, 60], 128f / 255);

        Assert.InRange((Disturb(name, picture) - 128f / 255).abs().max().ToDouble(), 0, 1e-5);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Any_picture_stays_within_its_range(string name)
    {
        foreach (long[] shape in new long[][] { [3, 33, 20], [1, 20, 33], [5, 9, 9], [3, 1, 1] })
        {
            torch.Tensor disturbed = Disturb(name, torch.rand(shape).round());

            Assert.Equal(shape[0], disturbed.shape[0]);
            Assert.InRange(disturbed.min().ToDouble(), 0, 1);
            Assert.InRange(disturbed.max().ToDouble(), 0, 1 + 1e-6);
        }
    }

    [Fact]
    public void Scaling_changes_the_size_of_the_whole()
    {
        Assert.Equal([3, 118, 92], Disturbances.Scale(torch.rand(3, 128, 100), 0.92).shape);
        Assert.Equal([3, 138, 108], Disturbances.Scale(torch.rand(3, 128, 100), 1.08).shape);
    }

    [Fact]
    public void A_shift_moves_down_and_to_the_right_and_reflects_the_edge()
    {
        torch.Tensor picture = torch.arange(40 * 20, torch.ScalarType.Float32).reshape(1, 40, 20);

        torch.Tensor shifted = Disturbances.Shift(picture);

        Assert.Equal(picture[0, 0, 0].ToSingle(), shifted[0, 2, 1].ToSingle());
        Assert.Equal(picture[0, 37, 18].ToSingle(), shifted[0, 39, 19].ToSingle());
        Assert.Equal(picture[0, 2, 1].ToSingle(), shifted[0, 0, 0].ToSingle());
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public void A_turn_takes_a_spot_along_a_circle(double degrees)
    {
        // A spot 40 pixels to the right of the centre of a picture that is wider than high.
        torch.Tensor picture = Spot(61, 121, 30, 100);

        torch.Tensor turned = Disturbances.Rotate(picture, degrees);

        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        Assert.Equal(30 - 40 * sine, Centre(turned, 1), 0.1);
        Assert.Equal(60 + 40 * cosine, Centre(turned, 2), 0.1);
    }

    [Fact]
    public void Jpeg_takes_fine_colours_away_and_leaves_coarse_ones()
    {
        torch.Tensor fine = torch.zeros(3, 64, 64);
        fine[0, .., torch.TensorIndex.Slice(0, 64, 2)] = 1;
        torch.Tensor coarse = torch.zeros(3, 64, 64);
        coarse[0, .., torch.TensorIndex.Slice(0, 32)] = 1;

        Assert.True((Disturbances.Jpeg(coarse) - coarse).abs().mean().ToDouble() < 0.02);
        Assert.True((Disturbances.Jpeg(fine) - fine).abs().mean().ToDouble() > 0.05);
        Assert.Equal(Disturbances.Jpeg(fine).ToFloats(), Disturbances.Jpeg(fine).ToFloats());
    }

    [Fact]
    public void Channels_that_are_no_colours_pass_JPEG_side_by_side()
    {
        torch.Tensor picture = torch.stack([.. new[] { 0.2f, 0.4f, 0.6f, 0.8f }.Select(grey => torch.full([24, 16], grey))]);

        float[] means = Disturbances.Jpeg(picture).mean([1, 2]).ToFloats();

        Assert.All(means, (mean, i) => Assert.Equal(0.2 * (i + 1), mean, 0.01));
    }

    [Fact]
    public void Fitting_takes_the_middle_or_reflects_what_is_missing()
    {
        torch.Tensor picture = torch.arange(5, torch.ScalarType.Float32).reshape(1, 1, 5);

        Assert.Equal([1f, 2, 3], Disturbances.Fit(picture, 1, 3).ToFloats());
        Assert.Equal([2f, 1, 0, 1, 2, 3, 4, 3, 2], Disturbances.Fit(picture, 1, 9).ToFloats());
    }

    private static torch.Tensor Disturb(string name, torch.Tensor picture) => name switch
    {
        "Smaller" => Disturbances.Scale(picture, Disturbances.Smaller),
        "Larger" => Disturbances.Scale(picture, Disturbances.Larger),
        "Shift" => Disturbances.Shift(picture),
        "Left" => Disturbances.Rotate(picture, Disturbances.Degrees),
        "Right" => Disturbances.Rotate(picture, -Disturbances.Degrees),
        _ => Disturbances.Jpeg(picture),
    };

    private static torch.Tensor Spot(int height, int width, double row, double column)
    {
        torch.Tensor down = (torch.arange(height, torch.ScalarType.Float32) - row).square().unsqueeze(1);
        torch.Tensor across = (torch.arange(width, torch.ScalarType.Float32) - column).square().unsqueeze(0);
        return (-(down + across) / 8).exp().unsqueeze(0);
    }

    private static double Centre(torch.Tensor picture, int axis)
    {
        torch.Tensor weights = picture.sum([3 - axis])[0];
        return ((weights * torch.arange(weights.shape[0])).sum() / weights.sum()).ToDouble();
    }
}
