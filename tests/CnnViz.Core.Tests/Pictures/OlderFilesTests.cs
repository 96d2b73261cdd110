using CnnViz.Ascent;
using CnnViz.Pictures;
using CnnViz.Quality;

namespace CnnViz.Tests.Pictures;

/// <summary>Files that version 0.1.0 wrote with another picture library, of the model that comes with the module and of grey ones.</summary>
public sealed class OlderFilesTests : EngineTest
{
    private static string Folder => Path.Combine(TestFiles.Root, "tests", "CnnViz.Core.Tests", "Pictures", "Files", "0.1.0");

    public static TheoryData<string, string> Files => new()
    {
        { "colour.png", "colour" }, { "colour.jpg", "colour" }, { "colour.webp", "colour" }, { "colour-exact.webp", "colour" }, { "colour.tiff", "colour" },
        { "transparent.png", "colour" }, { "transparent.webp", "colour" }, { "transparent.tiff", "colour" },
        { "class.png", "class" }, { "class.jpg", "class" },
        { "patch.png", "patch" }, { "patch.jpg", "patch" }, { "patch.webp", "patch" }, { "patch.tiff", "patch" },
        { "grey.png", "grey" }, { "grey.jpg", "grey" }, { "grey.webp", "grey" }, { "grey.tiff", "grey" },
        { "grey-transparent.png", "grey" }, { "grey-transparent.webp", "grey" }, { "grey-transparent.tiff", "grey" },
        { "two-channels.png", "two-channels" }, { "two-channels.jpg", "two-channels" }, { "two-channels.webp", "two-channels" },
        { "two-channels.tiff", "two-channels" }, { "two-channels-transparent.png", "two-channels" },
        { "two-channels-transparent.webp", "two-channels" }, { "two-channels-transparent.tiff", "two-channels" },
        { "ascent.gif", "ascent" }, { "ascent.webp", "ascent" }, { "ascent-exact.webp", "ascent" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void All_facts_are_found(string name, string facts) =>
        Assert.Equal(File.ReadAllText(At(facts + ".json")), PictureFile.Open(At(name)).Text);

    [Theory]
    [InlineData("colour.png", "colour.raw")]
    [InlineData("colour-exact.webp", "colour.raw")]
    [InlineData("colour.tiff", "colour.raw")]
    [InlineData("transparent.png", "transparent.raw")]
    [InlineData("transparent.tiff", "transparent.raw")]
    [InlineData("patch.png", "patch.raw")]
    [InlineData("patch.tiff", "patch.raw")]
    [InlineData("grey.png", "grey.raw")]
    [InlineData("grey.webp", "grey.raw")]
    [InlineData("grey.tiff", "grey.raw")]
    [InlineData("grey-transparent.png", "grey-transparent.raw")]
    [InlineData("grey-transparent.tiff", "grey-transparent.raw")]
    [InlineData("two-channels.png", "two-channels.raw")]
    [InlineData("two-channels-transparent.png", "two-channels-transparent.raw")]
    [InlineData("two-channels-transparent.tiff", "two-channels-transparent.raw")]
    public void Exact_formats_give_the_same_pixels(string name, string pixels)
    {
        PictureBytes picture = PictureFile.Open(At(name)).Decode();
        byte[] expected = File.ReadAllBytes(At(pixels));

        int size = expected.Length / (picture.Height * picture.Width);
        Assert.Equal(size is 2 or 4, picture.HasAlpha);
        PictureBytes opaque = picture.WithoutAlpha();
        byte[] colours = size > 2 ? opaque.Samples : opaque.ToGrey().Samples;
        int depth = size > 2 ? 3 : 1;
        Assert.Equal(expected.Where((_, i) => i % size < depth), colours);
        Assert.Equal(size == depth ? null : expected.Where((_, i) => i % size == depth), picture.Alpha);
    }

    [Theory]
    [InlineData("transparent.webp", "transparent.raw")]
    [InlineData("two-channels-transparent.webp", "two-channels-transparent.raw")]
    public void Transparency_of_webp_files_is_the_same(string name, string pixels)
    {
        // Version 0.1.0 did not keep the colours of what cannot be seen.
        byte[] expected = File.ReadAllBytes(At(pixels));
        PictureBytes picture = PictureFile.Open(At(name)).Decode();
        int size = expected.Length / (picture.Height * picture.Width);
        Assert.Equal(expected.Where((_, i) => i % size == size - 1), picture.Alpha);
    }

    [Theory]
    [InlineData("colour", "conv4", 3, null, "24×24", 3)]
    [InlineData("class", "classifier", 0, "0", "24×24", 3)]
    [InlineData("grey", "output", 1, null, "24×24", 1)]
    [InlineData("two-channels", "output", 1, null, "24×24", 2)]
    public void Pictures_of_filters_come_back_whole(string name, string layer, int filter, string? className, string size, int channels)
    {
        string[] files = [.. Directory.GetFiles(Folder).Where(file => Path.GetFileName(file).StartsWith(name, StringComparison.Ordinal) && PictureFormats.FromPath(file) is not null)];
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            using FilterImage image = FilterImageFile.Read(file);
            Assert.Equal((layer, filter), (image.Layer, image.Filter));
            Assert.Equal(size, image.Size);
            Assert.Equal(channels, image.Tensor.shape[0]);
            Assert.Equal(className is null, image.ClassName is null);
            Assert.Equal(file.Contains("transparent", StringComparison.Ordinal), image.Transparency is not null);
            Assert.Equal(image.Recipe.Steps, image.Activations.Count);
            Assert.Equal(64, image.ModelSha256.Length);
            Assert.Equal((image.Layer, image.Filter, image.Seed), (SavedFacts.Read(file).Layer, SavedFacts.Read(file).Filter, SavedFacts.Read(file).Seed!.Value));
        }
    }

    [Theory]
    [InlineData("patch.png", "PictureIsPatch")]
    [InlineData("patch.jpg", "PictureIsPatch")]
    [InlineData("ascent.gif", "PictureIsAnimation")]
    [InlineData("ascent.webp", "PictureIsAnimation")]
    public void What_is_no_picture_of_a_filter_is_told_apart(string name, string errorId) =>
        Assert.Equal(errorId, Assert.Throws<CnnVizException>(() => FilterImageFile.Read(At(name))).ErrorId);

    private static string At(string name) => Path.Combine(Folder, name);
}
