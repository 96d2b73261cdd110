using CnnViz.Networks;

namespace CnnViz.Tests.Networks;

public sealed class ClassListsTests
{
    // Two classes of one name: here each has one of its own.
    private static readonly Dictionary<int, string> s_disambiguated = new() { [134] = "crane", [517] = "crane" };

    [Fact]
    public void ImageNet_has_a_thousand_names_and_no_two_alike()
    {
        Assert.Equal(1000, ClassLists.ImageNet.Count);
        Assert.Equal(1000, ClassLists.ImageNet.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(ClassLists.ImageNet, name => Assert.Equal(name.Trim().Replace(",", string.Empty, StringComparison.Ordinal), name));
        Assert.Equal("tench", ClassLists.ImageNet[0]);
        Assert.Equal("tabby", ClassLists.ImageNet[281]);
        Assert.Equal("toilet tissue", ClassLists.ImageNet[999]);
        Assert.Same(ClassLists.ImageNet, ClassLists.Find("imagenet"));
        Assert.Null(ClassLists.Find("imagenet.txt"));
    }

    [SkippableFact]
    public void Every_name_of_ImageNet_is_one_of_its_synset()
    {
        IReadOnlyList<string> synsets = ClassLists.Read(TestFiles.Shared("models", "imagenet_synset_words.txt"));

        Assert.Equal(1000, synsets.Count);
        Assert.All(ClassLists.ImageNet.Select((name, i) => (Name: s_disambiguated.GetValueOrDefault(i, name), Synset: synsets[i])), pair =>
            Assert.Contains(pair.Name, ClassLists.Synonyms(pair.Synset), StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_file_comes_before_a_built_in_list_of_the_same_name()
    {
        string folder = Directory.CreateTempSubdirectory("cnnviz").FullName;
        string path = Path.Combine(folder, "ImageNet");
        Assert.Same(ClassLists.ImageNet, ClassLists.Load(path, "ImageNet"));
        Assert.Equal("ClassNamesUnreadable", Assert.Throws<CnnVizException>(() => ClassLists.Load(path, "./ImageNet")).ErrorId);

        File.WriteAllText(path, "n01440764 tench, Tinca tinca\r\n\n  goldfish \n");

        Assert.Equal(["tench, Tinca tinca", "goldfish"], ClassLists.Load(path, "ImageNet"));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("tench, Tinca tinca", "tench|Tinca tinca")]
    [InlineData("goldfish", "goldfish")]
    [InlineData(" , ", " , ")]
    public void Synonyms_stand_between_commas(string name, string expected) =>
        Assert.Equal(expected.Split('|'), ClassLists.Synonyms(name));
}
