using System.IO.Compression;
using CnnViz.Import;
using TorchSharp;
using Xunit.Abstractions;

namespace CnnViz.Tests.Import.Weights;

/// <summary>Memory that large files take: that of their tensors.</summary>
public sealed class LargeWeightTests(ITestOutputHelper output) : WeightFileTest
{
    private const int Tensors = 10;
    private const int Length = 1 << 20;
    private const float Last = 1.5f;

    [SkippableTheory]
    [InlineData("legacy")]
    [InlineData("zip")]
    [InlineData("deflated zip")]
    [InlineData("safetensors")]
    public void A_large_file_takes_its_size_once(string format)
    {
        string path = Path.Combine(Folder, "large.bin");
        long size = WriteLarge(format, path);
        var memory = new MemoryWatch();
        Skip.IfNot(memory.SeesTensors, "The system does not say what was resident.");
        using DisposeScope scope = torch.NewDisposeScope();
        using StateDict weights = StateDictReader.Read(path);
        foreach (StateTensor tensor in weights.Tensors)
        {
            Assert.Equal(Last, tensor.Read()[-1].item<float>());
        }

        output.WriteLine($"{size / 1e6:0} MB of tensors took {memory.Growth / 1e6:0} MB");
        Assert.True(memory.Growth < 1.3 * size, $"{size} bytes took {memory.Growth}.");
    }

    private static long WriteLarge(string format, string path)
    {
        byte[] bytes = new byte[4 * Length];
        new Random(1).NextBytes(bytes);
        BitConverter.TryWriteBytes(bytes.AsSpan(4 * (Length - 1)), Last);
        string[] keys = [.. Enumerable.Range(0, Tensors).Select(i => $"{i}")];
        PickleWriter pickle = new PickleWriter().Op('}');
        foreach (string key in keys)
        {
            pickle.Text(key).Vector(key, Length).Op('s');
        }

        File.WriteAllBytes(path, format switch
        {
            "safetensors" => WeightFiles.Safetensors(
                WeightFiles.VectorHeader([.. keys.Select(key => (key, Length))]), [.. keys.Select(_ => bytes)]),
            "legacy" => WeightFiles.Legacy(pickle.Stop(), [.. keys.Select(key => (key, (long)Length, bytes))]),
            _ => WeightFiles.Archive(
                format == "zip" ? CompressionLevel.NoCompression : CompressionLevel.Fastest,
                [("w/data.pkl", pickle.Stop()), .. keys.Select(key => ($"w/data/{key}", bytes))]),
        });
        return 4L * Length * Tensors;
    }
}
