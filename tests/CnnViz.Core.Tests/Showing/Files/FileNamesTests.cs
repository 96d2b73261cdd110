using CnnViz.Showing.Files;

namespace CnnViz.Tests.Showing.Files;

/// <summary>Names made of the facts of pictures.</summary>
public sealed class FileNamesTests
{
    private static readonly string s_folder = Path.Combine(Path.GetTempPath(), "con. ", "aux");

    [Theory]
    [InlineData("co{Layer}.png", "n", "_con.png")]
    [InlineData("{Layer} .png", "a", "a .png")]
    [InlineData("{Layer}./{Layer}.png", "a", "a/a.png")]
    [InlineData("{Layer}/nul.png", "a", "a/_nul.png")]
    [InlineData("nul/{Layer}.png", "a", "nul/a.png")]
    [InlineData("{Layer}/../{Layer}.png", "a/b", "a-b/../a-b.png")]
    public void A_name_is_portable_as_a_whole_and_folders_before_it_are_the_users(string template, string layer, string expected) =>
        Assert.Equal(Path.Combine(s_folder, expected.Replace('/', Path.DirectorySeparatorChar)), PathOf(template, layer));

    [Fact]
    public void Several_long_values_still_make_a_name_that_file_systems_take()
    {
        string one = PathOf("{Layer}_{Layer}_{Layer}.png", new string('層', 200) + "1");
        string other = PathOf("{Layer}_{Layer}_{Layer}.png", new string('層', 200) + "2");

        Assert.True(System.Text.Encoding.UTF8.GetByteCount(Path.GetFileName(one)) <= 240);
        Assert.EndsWith(".png", one);
        Assert.NotEqual(one, other);
    }

    private static string PathOf(string template, string layer) =>
        new FileNames(Path.Combine(s_folder, template), ".png").PathOf(string.Empty, new Dictionary<string, object> { ["Layer"] = layer });
}
