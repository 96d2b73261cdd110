using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Pictures;
using CnnViz.Quality;
using CnnViz.Showing.Files;
using TorchSharp;

namespace CnnViz.Tests.Pictures;

public sealed class TransparentFileTests : EngineTest, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz").FullName;
    private readonly CnnModel _model;
    private readonly FilterImage _image;

    public TransparentFileTests()
    {
        TinyModel.Write(At("tiny.onnx"));
        _model = ModelImporter.Import(At("tiny.onnx"), new ImportOptions { Preprocessing = Preprocessing.Unit });
        var options = new AscentOptions { Recipe = Recipe.Natural with { Steps = 4, Size = new(20, 30) } };
        _image = new FilterAscent(_model.GetLayer("conv1"), options).Run([TinyModel.Mixture], null, default).Single();
    }

    public void Dispose()
    {
        _image.Dispose();
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("tiff")]
    public void The_alpha_channel_is_the_transparency_and_the_colours_stay(string extension)
    {
        string path = At($"one.{extension}");
        new PictureFiles(path, null).Write(Picture.Of(_image, transparency: true), path, quality: 100);

        Assert.Equal(Bytes(_image.Transparency!), Channel(path, 3, 4));
        byte[] red = Channel(path, 0, 4);
        int[] visible = [.. Channel(path, 3, 4).Select((alpha, i) => (alpha, i)).Where(pair => pair.alpha > 0).Select(pair => pair.i)];
        Assert.Equal(visible.Select(i => Bytes(_image.Tensor[0])[i]), visible.Select(i => red[i]));
        Assert.Equal(SavedFacts.Of(_image), SavedFacts.Read(path));
    }

    [Fact]
    public void Without_it_the_file_is_opaque()
    {
        new PictureFiles(At("one.png"), null).Write(Picture.Of(_image), At("one.png"), null);

        Assert.False(PictureFile.Open(At("one.png")).Decode().HasAlpha);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Grey_pictures_and_channels_side_by_side_are_transparent_too(int channels)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor picture = torch.rand(channels, 6, 5);
        torch.Tensor alpha = torch.rand(6, 5);

        ImageFile.Write(picture, At("grey.png"), PictureFormat.Png, null, FilterImageFacts.Of(_image).ToPictureFacts(), alpha);

        Assert.Equal(Bytes(alpha.repeat(1, channels)), Channel(At("grey.png"), 3, 4));
        Assert.Equal(Bytes(torch.cat([.. picture.split(1, 0)], 2)), Channel(At("grey.png"), 0, 4));
    }

    private string At(string name) => Path.Combine(_folder, name);

    private static byte[] Bytes(torch.Tensor values) => [.. (values * 255).round().to(torch.uint8).contiguous().data<byte>()];

    private static byte[] Channel(string path, int channel, int depth)
    {
        PictureBytes picture = PictureFile.Open(path).Decode();
        Assert.True(picture.HasAlpha);
        byte[] all = picture.Samples;
        return [.. Enumerable.Range(0, all.Length / depth).Select(i => all[i * depth + channel])];
    }
}
