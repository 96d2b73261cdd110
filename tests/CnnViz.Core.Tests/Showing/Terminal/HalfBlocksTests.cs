using CnnViz.Showing.Terminal;

namespace CnnViz.Tests.Showing.Terminal;

public sealed class HalfBlocksTests
{
    [Theory]
    [InlineData(7, 6)]
    [InlineData(1, 1)]
    [InlineData(5, 9)]
    public void Every_pixel_is_on_the_screen(int width, int height)
    {
        RgbPicture picture = TestScreen.Gradient(width, height);

        string[] lines = HalfBlocks.Encode(picture);

        Assert.Equal((height + 1) / 2, lines.Length);
        for (int row = 0; row < lines.Length; row++)
        {
            (int? Upper, int? Lower)[] cells = TestScreen.Cells(lines[row]);
            Assert.Equal(width, cells.Length);
            for (int x = 0; x < width; x++)
            {
                Assert.Equal(picture[x, 2 * row], cells[x].Upper);
                Assert.Equal(2 * row + 1 < height ? picture[x, 2 * row + 1] : null, cells[x].Lower);
            }
        }
    }

    [Fact]
    public void A_colour_is_said_once_for_all_cells_that_have_it()
    {
        var white = new RgbPicture(40, 2, [.. Enumerable.Repeat((byte)255, 240)]);

        Assert.Equal($"\u001b[48;2;255;255;255m{new string(' ', 40)}\u001b[0m", Assert.Single(HalfBlocks.Encode(white)));
    }

    [Fact]
    public void A_colour_that_has_not_changed_is_not_said_again()
    {
        // Red above blue, then red above green.
        var picture = new RgbPicture(2, 2, [255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 255, 0]);

        Assert.Equal(
            "\u001b[38;2;255;0;0;48;2;0;0;255m▀\u001b[48;2;0;255;0m▀\u001b[0m", Assert.Single(HalfBlocks.Encode(picture)));
    }
}
