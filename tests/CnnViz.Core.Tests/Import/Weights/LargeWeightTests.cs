using System.IO.Compression;
using CnnViz.Import;
using TorchSharp;
using Xunit.Abstractions;

namespace CnnViz.Tests.Import.Weights;

/// <summary>Memory that large files take: that of their tensors.</summary>
public sealed class LargeWeightTests(ITestOutputHelper output) : WeightFileTest
{
    private const int Tensors = 25;
    private const int Length = 1 << 20;

    [SkippableTheory]
    [InlineData("legacy")]
    [InlineData("zip")]
    [InlineData("deflated zip")]
    [InlineData("safetensors")]
    public void A_file_of_100_MB_takes_its_size_once(string format)
    {
        string path = Path.Combine(Folder, "large.bin");
        long size = WriteLarge(format, path);
        GC.Collect();
        using var memory = new MemoryWatch();
        Skip.IfNot(memory.SeesTensors, "The system does not say what was resident.");
        using DisposeScope scope = torch.NewDisposeScope();
        using StateDict weights = StateDictReader.Read(path);
        foreach (StateTensor tensor in weights.Tensors)
        {
            Assert.Equal(Length - 1, tensor.Read()[-1].item<float>());
        }

        output.WriteLine($"{size / 1e6:0} MB of tensors took {memory.Growth / 1e6:0} MB");
        Assert.True(memory.Growth < 1.3 * size, $"{size} bytes took {memory.Growth}.");
    }

    private static long WriteLarge(string format, string path)
    {
        byte[] bytes = WeightFiles.Floats(0, Length);
        string[] keys = [.. Enumerable.Range(0, Tensors).Select(i => $"{i}")];
        if (format == "safetensors")
        {
            string header = string.Join(',', keys.Select((key, i) =>
                $$"""  "{{key}}":{"dtype":"F32","shape":[{{Length}}],"data_offsets":[{{i * 4 * Length}},{{(i + 1) * 4 * Length}}]}"""));
            File.WriteAllBytes(path, WeightFiles.Safetensors($"{{{header.Trim()}}}", [.. keys.SelectMany(_ => bytes)]));
        }
        else
        {
            PickleWriter pickle = new PickleWriter().Op('}');
            foreach (string key in keys)
            {
                pickle.Text(key).Vector(key, Length).Op('s');
            }

            CompressionLevel level = format == "zip" ? CompressionLevel.NoCompression : CompressionLevel.Fastest;
            File.WriteAllBytes(path, format == "legacy"
                ? WeightFiles.Legacy(pickle.Stop(), [.. keys.Select(key => (key, (long)Length, bytes))])
                : WeightFiles.Archive(level, [("w/data.pkl", pickle.Stop()), .. keys.Select(key => ($"w/data/{key}", bytes))]));
        }

        return 4L * Length * Tensors;
    }
}
