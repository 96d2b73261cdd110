using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Benchmarks;

/// <summary>The trained models that are measured, and what is drawn of them.</summary>
internal static class BenchmarkModels
{
    /// <summary>Where models are looked for.</summary>
    public static string Folder =>
        Path.Combine(Environment.GetEnvironmentVariable("CNNVIZ_TEST_DATA") ?? Path.Combine("..", "shared"), "models");

    /// <summary>A model of the Caffe zoo, by the name of its file.</summary>
    public static CnnModel Load(string name) => ModelImporter.Import(
        Path.Combine(Folder, name + ".onnx"),
        new ImportOptions { Preprocessing = Preprocessing.Caffe, ClassNames = ClassLists.ImageNet });

    /// <summary>A network of a known architecture with random weights, for its times.</summary>
    public static CnnModel Random(string architecture, int size)
    {
        Architecture known = ArchitectureList.Find(architecture)!;
        using StateDict none = new();
        using var weights = new StateDict(
            [.. new ArchitectureMatch(known, none).Expected.Select(tensor => Weight(tensor.Key, [.. tensor.Shape.Select((length, dimension) =>
                length ?? (dimension == 0 ? 1000 : 3))]))],
            "random");
        var shape = new LayerShape(3, size, size, IsMap: true);
        return new CnnModel(
            new ArchitectureMatch(known, weights).Build(),
            new ModelFacts(architecture, architecture, "random", string.Empty, shape, Preprocessing.ImageNet),
            torch.CPU);
    }

    // So that the size of values stays about the same from layer to layer (He et al., 2015).
    private static StateTensor Weight(string key, long[] shape) => new(key, torch.ScalarType.Float32, shape, () => shape.Length > 1
        ? torch.randn(shape) * Math.Sqrt(2.0 / shape[1..].Aggregate(1L, (product, length) => product * length))
        : key.EndsWith("weight", StringComparison.Ordinal) || key.EndsWith("var", StringComparison.Ordinal) ? torch.ones(shape) : torch.zeros(shape));

    /// <summary>A photo of each class of ImageNet, by the class's number.</summary>
    public static string[] ClassPhotos()
    {
        Dictionary<string, string> photos = Directory.GetFiles(Path.Combine(Folder, "..", "photos", "imagenet"), "*.jpg")
            .ToDictionary(path => Path.GetFileName(path).Split('_')[0]);
        return [.. File.ReadLines(Path.Combine(Folder, "imagenet_synset_words.txt")).Select(line => photos[line.Split(' ')[0]])];
    }

    /// <summary>As many different numbers below a limit; each draw has its own, always the same.</summary>
    public static int[] Draw(int limit, int count, int draw = 1)
    {
        int[] all = [.. Enumerable.Range(0, limit)];
        new Random(draw).Shuffle(all);
        return all[..Math.Min(count, limit)];
    }
}
