using System.Text;

namespace CnnViz.Tests;

/// <summary>Names that every system takes.</summary>
public sealed class PortableNameTests
{
    [Theory]
    [InlineData("inception_4c/3x3", "inception_4c-3x3")]
    [InlineData("a\\b:c*d?e\"f<g>h|i", "a-b-c-d-e-f-g-h-i")]
    [InlineData("../../etc/passwd", "-..-etc-passwd")]
    [InlineData("..", "_")]
    [InlineData("", "_")]
    [InlineData("CON", "_CON")]
    [InlineData("lpt1.x", "_lpt1.x")]
    [InlineData("com¹", "_com¹")]
    [InlineData("nul .tar.gz", "_nul .tar.gz")]
    [InlineData("CONIN$", "_CONIN$")]
    [InlineData("console", "console")]
    [InlineData("layer.0", "layer.0")]
    [InlineData("a. . ", "a")]
    [InlineData("a\0b\n", "a-b-")]
    [InlineData("[x]{y}", "-x--y-")]
    [InlineData("a\u202egnp.exe\u0085", "a-gnp.exe-")]
    public void Any_text_becomes_a_part_of_a_file_name(string text, string expected) => Assert.Equal(expected, PortableName.Of(text));

    [Theory]
    [InlineData("x", 100)]
    [InlineData("層", 99)]
    [InlineData("🐍", 97)]
    public void A_long_text_is_cut_between_characters_and_still_differs_from_others(string character, int bytes)
    {
        string text = string.Concat(Enumerable.Repeat(character, 500));
        string name = PortableName.Of(text + "1");

        Assert.Equal(bytes, Encoding.UTF8.GetByteCount(name));
        Assert.StartsWith(character, name);
        Assert.DoesNotContain('\ufffd', name);
        Assert.NotEqual(name, PortableName.Of(text + "2"));
    }

    [Theory]
    [InlineData("nul.png", "_nul.png")]
    [InlineData("a.png. ", "a.png")]
    [InlineData("...", "_")]
    [InlineData("..", "..")]
    [InlineData("", "")]
    public void A_whole_name_is_changed_where_windows_would_change_it(string name, string expected) => Assert.Equal(expected, PortableName.Whole(name));

    [Theory]
    [InlineData(@"C:\out\a.png")]
    [InlineData("C:/out/a.png")]
    [InlineData(@"\\server\share\a.png")]
    [InlineData(@"\\?\C:\out\a.png")]
    [InlineData(@"..\.\out\conv1.png")]
    [InlineData(@"C:\")]
    public void Windows_has_nothing_against_ordinary_paths(string path) => Assert.Null(WindowsPath.Problem(path));

    [Theory]
    [InlineData(@"C:\out\a:b.png", "stream")]
    [InlineData(@"C:\con.png", "'con.png' is the name of a device")]
    [InlineData(@"aux\a.png", "'aux' is the name of a device")]
    [InlineData(@"\\?\C:\out \a.png", "dots and blanks")]
    [InlineData(@"C:\out\a.", "dots and blanks")]
    [InlineData("C:\\out\\a\u0001", "control characters")]
    [InlineData(@"C:\a*.png", "control characters")]
    public void What_windows_takes_for_something_else_is_told(string path, string problem) =>
        Assert.Contains(problem, WindowsPath.Problem(path), StringComparison.Ordinal);
}
