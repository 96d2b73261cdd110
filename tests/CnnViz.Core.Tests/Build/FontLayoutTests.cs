using CnnViz.Build;

namespace CnnViz.Tests.Build;

public sealed class FontLayoutTests
{
    private static readonly string s_fonts = Path.Combine(TestFiles.Root, "module", "bin", "fonts");

    [Fact]
    public void The_licence_lies_beside_the_fonts_and_names_their_authors()
    {
        string notice = File.ReadAllText(Path.Combine(s_fonts, "Inter-LICENSE.txt"));

        Assert.Contains("The Inter Project Authors", notice);
        Assert.Contains("SIL Open Font License, Version 1.1", notice);
        Assert.Contains("scripts.sil.org/OFL", notice);
    }

    [Fact]
    public void Only_fonts_ship_of_the_package_that_has_them()
    {
        Assert.Equal(
            ["Inter-LICENSE.txt", "Inter-Regular.ttf", "Inter-SemiBold.ttf"],
            Directory.GetFiles(s_fonts).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFiles(Path.Combine(TestFiles.Root, "module", "bin"), "Avalonia*"));
    }

    [Fact]
    public void A_font_says_who_made_it()
    {
        var names = new FontNames(File.ReadAllBytes(Path.Combine(s_fonts, "Inter-SemiBold.ttf")));

        Assert.StartsWith("Copyright", names.Copyright);
        Assert.Contains("Inter", names.Family);
        Assert.Throws<InvalidDataException>(() => new FontNames([0, 1, 0, 0, 0, 9]));
    }

    [Fact]
    public void An_assembly_without_such_resources_is_refused() =>
        Assert.Throws<InvalidDataException>(() => AvaloniaResources.Read(typeof(FontLayoutTests).Assembly.Location));
}
