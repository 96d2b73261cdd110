using CnnViz.Import;
using CnnViz.Networks;

namespace CnnViz.Tests;

/// <summary>A test that looks into the tiny model.</summary>
public abstract class TinyModelTest : EngineTest, IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");

    /// <param name="preprocessing">The model's; null for 0…1.</param>
    private protected TinyModelTest(Preprocessing? preprocessing = null)
    {
        TinyModel.Write(_path);
        Model = ModelImporter.Import(_path, new ImportOptions { Preprocessing = preprocessing ?? Preprocessing.Unit });
    }

    private protected CnnModel Model { get; }

    public virtual void Dispose()
    {
        Model.Dispose();
        File.Delete(_path);
        GC.SuppressFinalize(this);
    }
}
