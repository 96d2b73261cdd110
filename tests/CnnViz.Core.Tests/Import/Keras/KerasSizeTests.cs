namespace CnnViz.Tests.Import.Keras;

/// <summary>Layers that bring images to a size.</summary>
public sealed class KerasSizeTests : KerasTest
{
    private static readonly Pixels s_image = Pixels.Wave(6, 8, 2);

    [Theory]
    [InlineData(9, 5)]
    [InlineData(3, 12)]
    public void Resizing_blends_pixels_by_their_centers(int rows, int columns)
    {
        Pixels expected = Pixels.Of(rows, columns, 2, (row, column, channel) =>
        {
            (int top, int bottom, double down) = Between(row, rows, 6);
            (int left, int right, double along) = Between(column, columns, 8);
            double upper = s_image[top, left, channel] * (1 - along) + s_image[top, right, channel] * along;
            double lower = s_image[bottom, left, channel] * (1 - along) + s_image[bottom, right, channel] * along;
            return upper * (1 - down) + lower * down;
        });
        AssertOutput(expected, new KerasFile(6, 8, 2).Add("Resizing", $"'height':{rows},'width':{columns}"), s_image);
    }

    [Fact]
    public void Resizing_may_take_the_nearest_pixel() => AssertOutput(
        Pixels.Of(4, 12, 2, (row, column, channel) => s_image[(int)((row + 0.5) * 1.5), (int)((column + 0.5) / 1.5), channel]),
        new KerasFile(6, 8, 2).Add("Resizing", "'height':4,'width':12,'interpolation':'nearest'"),
        s_image);

    [Fact]
    public void A_crop_takes_the_center() => AssertOutput(
        Pixels.Of(3, 4, 2, (row, column, channel) => s_image[row + 1, column + 2, channel] * 2),
        new KerasFile(6, 8, 2)
            .Add("CenterCrop", "crop", "'height':3,'width':4", ["image"])
            .Add("Conv2D", "layer", "'use_bias':false", ["crop"], new Pixels([2, 0, 0, 2], 1, 1, 2, 2)),
        s_image);

    [Theory]
    [InlineData("Resizing", "'height':5,'width':5,'crop_to_aspect_ratio':true", "crop_to_aspect_ratio")]
    [InlineData("Resizing", "'height':5,'width':5,'interpolation':'lanczos3'", "lanczos3")]
    [InlineData("CenterCrop", "'height':50,'width':50", "50×50 on images of 6×8")]
    public void What_depends_on_more_is_left_out_and_said(string layer, string settings, string reason)
    {
        KerasFile file = new KerasFile(6, 8, 2).Add(layer, "size", settings, ["image"]).Add("Add", "layer", string.Empty, ["size", "eye"]);
        string? remark = Remark(file.ToHdf5());
        Assert.Contains($"layer {layer} ('size')", remark, StringComparison.Ordinal);
        Assert.Contains(reason, remark, StringComparison.Ordinal);
    }

    private static (int Before, int After, double Share) Between(int position, int size, int from)
    {
        double at = Math.Clamp((position + 0.5) * from / size - 0.5, 0, from - 1);
        return ((int)at, Math.Min((int)at + 1, from - 1), at - (int)at);
    }
}
