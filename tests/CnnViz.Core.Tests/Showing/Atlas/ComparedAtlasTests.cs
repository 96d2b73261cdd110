using CnnViz.Ascent;
using CnnViz.Showing.Atlas.Comparison;

namespace CnnViz.Tests.Showing.Atlas;

public sealed class ComparedAtlasTests : EngineTest, IDisposable
{
    private const string Hostile = "<script>alert(1)</script>";

    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("cnnviz-").FullName, "[atlas]");
    private readonly WideModel _first = new(("conv1", 4), (Hostile, 4));
    private readonly WideModel _second = new(("conv1", 5), (Hostile, 4));

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    [Fact]
    public void Models_of_one_name_have_an_atlas_each_and_are_told_apart()
    {
        Write(_first.Picture("conv1", 0), _second.Picture("conv1", 0), _second.Picture("conv1", 4));

        Assert.Equal(2, Directory.GetDirectories(Path.Combine(_folder, "models")).Length);
        string table = Read("compare/conv1/index.html");
        Assert.Contains($"wide ({_first.Model.Sha256[..8]})", table);
        Assert.Contains($"wide ({_second.Model.Sha256[..8]})", table);
    }

    [Fact]
    public void Columns_keep_their_order_when_more_is_added()
    {
        Write(_second.Picture("conv1", 0), _first.Picture("conv1", 0));
        Write(_first.Picture("conv1", 1));

        string table = Read("compare/conv1/index.html");
        Assert.True(table.IndexOf(_second.Model.Sha256[..8], StringComparison.Ordinal) < table.IndexOf(_first.Model.Sha256[..8], StringComparison.Ordinal));
    }

    [Fact]
    public void Every_link_is_there_and_no_name_is_markup()
    {
        Write(_first.Picture(Hostile, 1), _second.Picture(Hostile, 1), _second.Picture(Hostile, 2), _first.Picture("conv1", 0));

        string[] pages = PageLinks.AssertAllLead(_folder);
        Assert.All(pages, page => Assert.DoesNotContain(Hostile, File.ReadAllText(page)));
        Assert.Contains(pages, page => File.ReadAllText(page).Contains("not in this atlas", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_damaged_is_said_and_left()
    {
        Write(_first.Picture("conv1", 0), _second.Picture("conv1", 0));
        string path = Path.Combine(_folder, "atlases.json");
        foreach (string text in new[] { "{", "null", """{"format":2,"models":[]}""", """{"format":1,"models":[null]}""" })
        {
            File.WriteAllText(path, text);
            Assert.Equal("AtlasDamaged", Assert.Throws<CnnVizException>(() => ComparedAtlas.Open(_folder)).ErrorId);
            Assert.Equal(text, File.ReadAllText(path));
        }
    }

    [Fact]
    public void An_atlas_of_one_model_is_no_comparison()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, "index.html"), "mine");

        Assert.Equal("NotAnAtlas", Assert.Throws<CnnVizException>(() => ComparedAtlas.Open(_folder)).ErrorId);
        Assert.NotNull(ComparedAtlas.Open(_folder, force: true));
    }

    private void Write(params FilterImage[] images)
    {
        ComparedAtlas atlas = ComparedAtlas.Open(_folder);
        foreach (FilterImage image in images)
        {
            using (image)
            {
                atlas.Add(image);
            }
        }

        atlas.Complete();
    }

    private string Read(string path) => File.ReadAllText(Path.Combine(_folder, path));
}
