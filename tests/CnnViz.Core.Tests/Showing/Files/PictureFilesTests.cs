using CnnViz.Showing.Files;

namespace CnnViz.Tests.Showing.Files;

public sealed class PictureFilesTests
{
    [Theory]
    [InlineData("inception_4c/3x3", "inception_4c-3x3")]
    [InlineData("a\\b:c*d?e\"f<g>h|i", "a-b-c-d-e-f-g-h-i")]
    [InlineData("../../etc/passwd", "-..-etc-passwd")]
    [InlineData("..", "_")]
    [InlineData("", "_")]
    [InlineData("CON", "_CON")]
    [InlineData("lpt1.x", "_lpt1.x")]
    [InlineData("layer.0", "layer.0")]
    [InlineData("a\0b\n", "a-b-")]
    [InlineData("[x]{y}", "-x--y-")]
    public void Any_name_becomes_a_part_of_a_file_name(string name, string expected) => Assert.Equal(expected, FileNames.SafeName(name));

    [Fact]
    public void Long_names_are_cut() => Assert.Equal(100, FileNames.SafeName(new string('x', 1000)).Length);
}
