using System.Diagnostics;
using System.IO.Compression;
using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Networks;
using CnnViz.Tests.Import.Architectures;
using Xunit.Abstractions;

namespace CnnViz.Tests.Import.Weights;

/// <summary>Memory that importing a network takes: that of its weights, and not much more.</summary>
public sealed class LargeCheckpointTests(ITestOutputHelper output) : WeightFileTest
{
    [SkippableTheory]
    [InlineData("zip")]
    [InlineData("safetensors")]
    public void A_checkpoint_of_100_MB_takes_little_more_than_its_size(string format)
    {
        string path = Path.Combine(Folder, "resnet50.bin");
        WriteNetwork("resnet50", format, path);
        double size = new FileInfo(path).Length;
        var memory = new MemoryWatch();
        Skip.IfNot(memory.SeesTensors, "The system does not say what was resident.");

        var clock = Stopwatch.StartNew();
        using CnnModel model = ModelImporter.Import(path, new ImportOptions());

        double factor = memory.Growth / size;
        output.WriteLine($"{format}: {size / 1e6:0} MB imported in {clock.Elapsed.TotalSeconds:0.00} s, {factor:0.00} times its size at most");
        Assert.Equal("resnet50", model.Architecture);
        Assert.InRange(factor, 0, 2.2);
    }

    private static void WriteNetwork(string name, string format, string path)
    {
        using StateDict tensors = ArchitectureTensors.Of(ArchitectureList.Find(name)!, classes: 1000);
        (string Key, int[] Shape, byte[] Bytes)[] parts = [.. tensors.Tensors.Select(tensor =>
        {
            int[] shape = [.. tensor.Shape.Select(size => (int)size)];
            return (tensor.Name, shape, new byte[4 * shape.Aggregate(1, (product, size) => product * size)]);
        })];
        File.WriteAllBytes(path, format == "zip" ? Zip(parts) : Safetensors(parts));
    }

    private static byte[] Zip((string Key, int[] Shape, byte[] Bytes)[] parts)
    {
        PickleWriter pickle = new PickleWriter().Op('}');
        foreach ((string key, int[] shape, byte[] bytes) in parts)
        {
            long[] strides = [.. shape.Select((_, i) => shape[(i + 1)..].Aggregate(1L, (product, size) => product * size))];
            pickle.Text(key).Tensor(key, bytes.Length / 4, "FloatStorage", 0, [.. shape.Select(size => (long)size)], strides).Op('s');
        }

        return WeightFiles.Archive(
            CompressionLevel.NoCompression, [("w/data.pkl", pickle.Stop()), .. parts.Select(part => ($"w/data/{part.Key}", part.Bytes))]);
    }

    private static byte[] Safetensors((string Key, int[] Shape, byte[] Bytes)[] parts)
    {
        int end = 0;
        IEnumerable<string> entries = parts.Select(part =>
        {
            (int begin, end) = (end, end + part.Bytes.Length);
            return $"\"{part.Key}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', part.Shape)}],\"data_offsets\":[{begin},{end}]}}";
        });
        return WeightFiles.Safetensors($"{{{string.Join(',', entries)}}}", [.. parts.Select(part => part.Bytes)]);
    }
}
