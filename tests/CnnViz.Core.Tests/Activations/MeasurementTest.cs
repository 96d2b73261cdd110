using CnnViz.Activations;
using CnnViz.Import;
using CnnViz.Networks;

namespace CnnViz.Tests.Activations;

/// <summary>The tiny model, and a folder for pictures.</summary>
public abstract class MeasurementTest : EngineTest, IDisposable
{
    protected MeasurementTest()
    {
        TinyModel.Write(At("tiny.onnx"));
        Model = ModelImporter.Import(At("tiny.onnx"), new ImportOptions { Preprocessing = Preprocessing.Unit });
    }

    protected string Folder { get; } = Directory.CreateTempSubdirectory("cnnviz").FullName;

    protected CnnModel Model { get; }

    public void Dispose()
    {
        Model.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string At(string name) => Path.Combine(Folder, name);

    /// <summary>Pictures of random colours, of the model's input size unless another is given.</summary>
    protected string[] Noise(int count, int size = 32) => [.. Enumerable.Range(0, count).Select(i =>
    {
        string path = At($"noise{i:0000}.png");
        TestPictures.WriteNoise(path, size, size, i);
        return path;
    })];

    /// <summary>Every filter of some layers.</summary>
    protected CnnFilter[] Filters(params string[] layers) => [.. layers.SelectMany(layer => Model.GetLayer(layer).GetFilters())];

    protected static FilterActivation[] Measure(IReadOnlyCollection<CnnFilter> filters, IReadOnlyList<string> paths, int batchSize = 4) =>
        [.. new ActivationMeasurement(filters, batchSize).Run(paths, null, default).SelectMany(image => image.Activations)];
}
