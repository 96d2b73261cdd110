using CnnViz.Import;
using CnnViz.Networks;

namespace CnnViz.Tests.Import.Keras;

/// <summary>Keras files on the way that all model files go.</summary>
public sealed class KerasImportTests : KerasTest, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_content_says_what_a_file_is(bool isArchive)
    {
        KerasFile file = new KerasFile(6, 5, 2).Add("Conv2D", "'activation':'relu'", Pixels.Wave(3, 3, 2, 4), Pixels.Wave(4));
        string path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, isArchive ? file.ToArchive() : file.ToHdf5());
        using CnnModel model = ModelImporter.Import(path, new ImportOptions());
        Assert.Equal(("Keras", "2×6×5"), (model.Format, model.InputShape.ToString()));
        Assert.Equal(["eye", "layer", "layer/relu"], model.Layers.Select(layer => layer.Name));
        Assert.Null(model.Architecture);
    }
}
