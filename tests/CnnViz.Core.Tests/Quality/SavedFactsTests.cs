using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Pictures;
using CnnViz.Quality;
using CnnViz.Showing.Files;
using CnnViz.Tests.Pictures;

namespace CnnViz.Tests.Quality;

public sealed class SavedFactsTests : EngineTest, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    [InlineData("webp")]
    [InlineData("tiff")]
    public void What_was_written_is_read_back(string extension)
    {
        string path = Path.Combine(_folder, $"one.{extension}");
        string modelPath = Path.Combine(_folder, "tiny.onnx");
        TinyModel.Write(modelPath);
        using CnnModel model = ModelImporter.Import(modelPath, new ImportOptions { Preprocessing = Preprocessing.Caffe });
        var options = new AscentOptions { Recipe = Recipe.Classic with { Steps = 2 }, Seed = -9, Minimize = true };
        using FilterImage image = new FilterAscent(model.GetLayer("conv1/relu"), options).Run([3], null, default).Single();
        new PictureFiles(path, null).Write(Picture.Of(image), path, null);

        Assert.Equal(SavedFacts.Of(image), SavedFacts.Read(path));
        Assert.Equal(-9, SavedFacts.Read(path).Seed);
    }

    [Theory]
    [InlineData("a photo of a cat")]
    [InlineData("[1, 2]")]
    [InlineData("{\"layer\": 3, \"filter\": \"seven\", \"seed\": 1.5, \"minimized\": \"yes\"}")]
    [InlineData("{\"filter\": 99999999999, \"model\": null}")]
    [InlineData("{")]
    public void Other_descriptions_say_nothing(string description)
    {
        string path = Path.Combine(_folder, "photo.jpg");
        File.WriteAllBytes(path, ImageFile.ToFile(TestPicture.Plain(8, 8, 255, 0, 0), PictureFormat.Jpeg, null, new PictureFacts("a photo", description)));

        Assert.Equal(SavedFacts.None, SavedFacts.Read(path));
    }

    [Fact]
    public void No_picture_is_an_error()
    {
        string path = Path.Combine(_folder, "text.png");
        File.WriteAllText(path, "text");

        Assert.Equal("PictureUnreadable", Assert.Throws<CnnVizException>(() => SavedFacts.Read(path)).ErrorId);
    }
}
