using CnnViz.Import;
using TorchSharp;

namespace CnnViz.Tests.Import.Weights;

/// <summary>Steps that the tests of weight files share.</summary>
public abstract class WeightFileTest : EngineTest, IDisposable
{
    /// <summary>A folder for the test alone.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("cnnviz").FullName;

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string Write(string name, byte[] content)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    internal StateDict Read(byte[] content) => StateDictReader.Read(Write("weights.bin", content));

    internal CnnVizException ReadFails(byte[] content) => ReadFails(Write("weights.bin", content));

    /// <summary>Reads all tensors, and expects an error on the way.</summary>
    internal static CnnVizException ReadFails(string path) => Assert.Throws<ModelFormatException>(() => ReadAll(path));

    internal static void ReadAll(string path)
    {
        using StateDict weights = StateDictReader.Read(path);
        foreach (StateTensor tensor in weights.Tensors)
        {
            tensor.Read().Dispose();
        }
    }

    internal static double[] Values(StateDict weights, string name)
    {
        Assert.True(weights.TryGet(name, out StateTensor? found), $"There is no '{name}'.");
        return Values(found);
    }

    /// <summary>The values of a tensor in row-major order; checks what was said of it.</summary>
    internal static double[] Values(StateTensor tensor)
    {
        using torch.Tensor read = tensor.Read();
        Assert.Equal(tensor.Type, read.dtype);
        Assert.Equal(tensor.Shape, read.shape);
        Assert.True(read.is_contiguous());
        using torch.Tensor wide = read.to(torch.ScalarType.Float64);
        return [.. wide.data<double>()];
    }

    internal static string[] Names(StateDict weights) => [.. weights.Tensors.Select(tensor => tensor.Name)];
}
