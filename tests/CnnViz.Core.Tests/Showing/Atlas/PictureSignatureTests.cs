using CnnViz.Showing.Atlas;
using TorchSharp;

namespace CnnViz.Tests.Showing.Atlas;

public sealed class PictureSignatureTests : EngineTest
{
    [Fact]
    public void Where_stripes_are_does_not_count_but_their_direction_width_and_colour_do()
    {
        byte[] stripes = Of(0, 8);

        int moved = PictureSignature.Distance(stripes, Of(0, 8, phase: 2));
        Assert.True(moved < PictureSignature.Distance(stripes, Of(90, 8)));
        Assert.True(moved < PictureSignature.Distance(stripes, Of(0, 16)));
        Assert.True(moved < PictureSignature.Distance(stripes, Of(0, 8, red: 1)));
    }

    [Theory]
    [InlineData(1, 28, 28)]
    [InlineData(3, 1, 1)]
    [InlineData(5, 7, 130)]
    public void Any_picture_has_one(int channels, int height, int width)
    {
        using torch.Tensor picture = torch.rand(channels, height, width);

        Assert.Equal(PictureSignature.Length, PictureSignature.Of(picture).Length);
    }

    [Fact]
    public void It_leaves_no_tensors_behind()
    {
        using torch.Tensor picture = torch.rand(3, 20, 20);
        PictureSignature.Of(picture);
        long before = NativeTensors.Settled();

        PictureSignature.Of(picture);

        Assert.Equal(before, NativeTensors.Settled());
    }

    private static byte[] Of(double degrees, double period, double phase = 0, float red = 0)
    {
        var values = new float[3 * 64 * 64];
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        for (int i = 0; i < values.Length; i++)
        {
            (int row, int column) = (i / 64 % 64, i % 64);
            values[i] = (float)(0.5 + 0.4 * Math.Sin((row * sine + column * cosine + phase) * 2 * Math.PI / period));
            values[i] = i < 64 * 64 && red > 0 ? red : values[i];
        }

        using torch.Tensor picture = torch.tensor(values, [3, 64, 64]);
        return PictureSignature.Of(picture);
    }
}
