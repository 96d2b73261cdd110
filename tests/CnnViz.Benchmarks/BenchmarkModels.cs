using CnnViz.Import;
using CnnViz.Models;

namespace CnnViz.Benchmarks;

/// <summary>The trained models that are measured, and what is drawn of them.</summary>
internal static class BenchmarkModels
{
    private static string Folder =>
        Path.Combine(Environment.GetEnvironmentVariable("CNNVIZ_TEST_DATA") ?? Path.Combine("..", "shared"), "models");

    /// <summary>A model of the Caffe zoo, by the name of its file.</summary>
    public static CnnModel Load(string name) => ModelImporter.Import(
        Path.Combine(Folder, name + ".onnx"),
        new ImportOptions { Preprocessing = Preprocessing.Caffe, ClassNames = ClassLists.ImageNet });

    /// <summary>As many different numbers below a limit, always the same.</summary>
    public static int[] Draw(int limit, int count)
    {
        int[] all = [.. Enumerable.Range(0, limit)];
        new Random(1).Shuffle(all);
        return all[..Math.Min(count, limit)];
    }
}
