using CnnViz.Showing.Terminal;

namespace CnnViz.Tests.Showing.Terminal;

public sealed class TerminalAnswerTests
{
    [Theory]
    [InlineData("\u001b[?62;4c", true)]
    [InlineData("\u001b[?63;1;2;4;6;9;15;22c", true)]
    [InlineData("\u001b[?1;2;4c", true)]
    [InlineData("\u001b[?6;4;c", true)]
    [InlineData("\u001b[?1;2c", false)]
    [InlineData("\u001b[?6c", false)]
    [InlineData("\u001b[?64;14;24;42c", false)]
    [InlineData("\u001b[?4;6c", false)]
    [InlineData("", false)]
    [InlineData("garbage 4;4;4", false)]
    public void Sixel_is_the_fourth_attribute_and_no_other(string text, bool expected) =>
        Assert.Equal(expected, TerminalAnswer.Parse(text).HasSixel);

    [Theory]
    [InlineData("\u001b[6;18;9t\u001b[?62;4c", 9, 18)]
    [InlineData("x\u001b[6;20;10t\u001b[A\u001b[?1;2c", 10, 20)]
    [InlineData("\u001b[?62;4c", null, null)]
    [InlineData("\u001b[6;0;0t\u001b[?62;4c", null, null)]
    [InlineData("\u001b[6;99999;9t\u001b[?62;4c", null, null)]
    public void The_size_of_a_cell_is_what_the_terminal_says(string text, int? width, int? height) =>
        Assert.Equal((width, height), (TerminalAnswer.Parse(text).CellWidth, TerminalAnswer.Parse(text).CellHeight));

    [Theory]
    [InlineData("\u001b[6;18;9t", false)]
    [InlineData("\u001b[?62;4", false)]
    [InlineData("c\u001b[?62;4c", true)]
    public void The_attributes_end_the_answer(string text, bool expected) => Assert.Equal(expected, TerminalAnswer.IsWhole(text));

    [Theory]
    [InlineData("NO_COLOR", "1", true, false)]
    [InlineData("NO_COLOR", "", false, true)]
    [InlineData("TERM", "dumb", true, false)]
    [InlineData("TERM", "linux", false, false)]
    [InlineData("TERM", "xterm-256color", false, true)]
    [InlineData("TERM_PROGRAM", "Apple_Terminal", false, false)]
    [InlineData("WT_SESSION", "c5d7", false, true)]
    public void The_environment_says_what_need_not_be_asked(string name, string value, bool isPlain, bool isWorthAsking)
    {
        Func<string, string?> environment = variable => variable == name ? value : null;

        Assert.Equal((isPlain, isWorthAsking), (TerminalSupport.IsPlain(environment), TerminalSupport.IsWorthAsking(environment)));
    }
}
