using System.Globalization;
using System.Text.RegularExpressions;
using CnnViz.Showing.Terminal;
using TorchSharp;

namespace CnnViz.Tests.Showing.Terminal;

public sealed class TerminalRowTests : EngineTest
{
    private static readonly TerminalAnswer s_answer = new(true, 9, 18);

    [Theory]
    [InlineData(79, null, 2, 38)]
    [InlineData(119, null, 3, 38)]
    [InlineData(20, null, 1, 20)]
    [InlineData(79, 10, 6, 10)]
    [InlineData(79, 500, 1, 79)]
    public void Pictures_fill_the_window(int columns, int? width, int capacity, int cells)
    {
        var row = new TerminalRow(TerminalWindow.ForBlocks(columns, 40), width);

        Assert.Equal((capacity, cells), (row.Capacity, row.Width));
    }

    [Theory]
    [InlineData(96, 96)]
    [InlineData(50, 100)]
    [InlineData(33, 7)]
    public void No_line_is_longer_than_the_window_and_none_is_lost(int width, int height)
    {
        TerminalRow row = Row(TerminalWindow.ForBlocks(79, 24), null, (width, height), (32, 32));

        string[] lines = row.DrawBlocks(text => text.Length).TrimEnd('\n').Split('\n');

        Assert.InRange(lines.Length, 2, 23);
        Assert.All(lines[..^1], line => Assert.Equal(38 + 2 + 38, TestScreen.Plain(line).Length));
        Assert.Equal("conv1:0, 1.5".PadRight(40) + "conv1:1, 1.5", lines[^1]);
        Assert.Equal(0, row.Count);
    }

    [Fact]
    public void A_picture_keeps_its_shape()
    {
        TerminalRow row = Row(TerminalWindow.ForBlocks(40, 24), null, (64, 32));

        // 40 cells are 40 pixels wide; 20 pixels are 10 lines.
        Assert.Equal(11, row.DrawBlocks(text => text.Length).TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public void Of_a_given_width_a_picture_may_be_higher_than_the_window()
    {
        TerminalRow row = Row(TerminalWindow.ForBlocks(79, 24), 70, (64, 64));

        Assert.Equal(36, row.DrawBlocks(text => text.Length).TrimEnd('\n').Split('\n').Length);
    }

    [Theory]
    [InlineData(64, 64, null)]
    [InlineData(20, 300, null)]
    [InlineData(64, 64, 70)]
    public void Sixel_graphics_get_room_first_and_stay_in_it(int width, int height, int? cells)
    {
        TerminalRow row = Row(TerminalWindow.ForSixel(79, 24, s_answer), cells, (width, height));

        string text = row.DrawSixel(value => value.Length);

        Match room = Regex.Match(text, @"^(\n+)\x1b\[(?<up>\d+)A\x1b7(?<graphics>\x1bP.*?\x1b\\)\x1b8\r\x1b\[(?<down>\d+)B.*\n$", RegexOptions.Singleline);
        Assert.True(room.Success);
        int rows = room.Groups[1].Length;
        Assert.Equal((rows, rows), (Number(room, "up"), Number(room, "down")));
        Assert.InRange(rows, 1, 22);
        (_, int pixelWidth, int pixelHeight) = TestScreen.Sixels(room.Groups["graphics"].Value);
        Assert.InRange((pixelHeight + 5) / 6 * 6, (rows - 1) * 18 + 1, rows * 18);
        Assert.InRange(pixelWidth, 1, row.Width * 9);
        Assert.InRange((double)pixelWidth / pixelHeight, 0.95 * width / height, 1.06 * width / height);
    }

    [Fact]
    public void Sixel_graphics_stand_side_by_side()
    {
        TerminalRow row = Row(TerminalWindow.ForSixel(79, 24, s_answer), null, (8, 8), (8, 8));

        Assert.Contains("\u001b8\u001b[40C\u001b7\u001bP", row.DrawSixel(text => text.Length));
    }

    [Theory]
    [InlineData(1, 4, 4)]
    [InlineData(3, 4, 4)]
    [InlineData(5, 20, 4)]
    public void Channels_that_are_no_colours_lie_side_by_side(int channels, int width, int height)
    {
        long before = NativeTensors.Settled();
        RgbPicture picture;
        using (torch.Tensor tensor = torch.full(channels, 4, 4, 0.6))
        {
            picture = RgbPicture.Of(tensor);
        }

        Assert.Equal((width, height), (picture.Width, picture.Height));
        Assert.All(picture.Pixels, value => Assert.Equal(153, value));
        Assert.Equal(before, NativeTensors.Settled());
    }

    [Fact]
    public void What_is_beyond_the_range_or_no_number_is_still_a_colour()
    {
        using torch.Tensor tensor = torch.tensor(new[] { -3f, float.NaN, 7f }).reshape(1, 1, 3);

        Assert.Equal([0, 0, 0, 0, 0, 0, 255, 255, 255], RgbPicture.Of(tensor).Pixels);
    }

    [Theory]
    [InlineData("conv1:0", 20, "conv1:0, 1.5")]
    [InlineData("inception_4c/3x3:7", 20, "…ption_4c/3x3:7, 1.5")]
    [InlineData("inception_4c/3x3:7", 9, "…3:7, 1.5")]
    [InlineData("inception_4c/3x3:7", 4, "…3:7")]
    [InlineData("conv1:0", 0, "")]
    public void Captions_are_cut_at_the_front(string name, int width, string expected) =>
        Assert.Equal(expected, new TerminalCaption(name, "1.5").Fit(width, text => text.Length));

    [Fact]
    public void Captions_are_measured_in_cells()
    {
        // Two cells each, as in East Asian scripts.
        string caption = new TerminalCaption("層層層層", "1").Fit(10, text => text.Sum(letter => letter > 0x2E80 ? 2 : 1));

        Assert.Equal("…層層層, 1", caption);
    }

    [Fact]
    public void A_name_gives_the_terminal_no_orders() => Assert.Equal("a\uFFFD[31mb\uFFFD", TerminalCaption.Clean("a\u001b[31mb\u009b"));

    private static TerminalRow Row(TerminalWindow window, int? width, params (int Width, int Height)[] sizes)
    {
        var row = new TerminalRow(window, width);
        for (int i = 0; i < sizes.Length; i++)
        {
            row.Add(TestScreen.Gradient(sizes[i].Width, sizes[i].Height), new TerminalCaption($"conv1:{i}", "1.5"));
        }

        return row;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
}
