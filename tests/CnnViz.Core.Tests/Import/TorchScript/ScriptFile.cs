using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using CnnViz.Tests.Import.Weights;

namespace CnnViz.Tests.Import.TorchScript;

/// <summary>Writes TorchScript archives with text and weights of a test's own.</summary>
internal sealed class ScriptFile
{
    private readonly List<(string Key, byte[] Bytes)> _storages = [];
    private readonly Random _random = new(3);

    /// <summary>A module: its class, and its attributes: <see cref="ScriptFile.Weight"/>s, modules, and lists of whole numbers.</summary>
    internal sealed record Module(string Class, params (string Name, object Value)[] Attributes);

    /// <summary>A weight of random values, or of one value.</summary>
    internal sealed record Weight(long[] Shape, float? Value = null);

    /// <summary>The bytes of an archive.</summary>
    /// <param name="code">The text of all classes.</param>
    /// <param name="root">The module.</param>
    /// <param name="change">What becomes of the pickle; null for nothing.</param>
    public static byte[] Write(string code, Module root, Func<byte[], byte[]>? change = null)
    {
        var file = new ScriptFile();
        var pickle = new PickleWriter();
        file.Put(pickle, root);
        return WeightFiles.Archive(
            CompressionLevel.NoCompression,
            [
                ("net/data.pkl", change is null ? pickle.Stop() : change(pickle.Stop())),
                ("net/code/__torch__.py", Encoding.UTF8.GetBytes(code.ReplaceLineEndings("\n") + "\n")),
                .. file._storages.Select(storage => ($"net/data/{storage.Key}", storage.Bytes)),
                ("net/constants.pkl", new PickleWriter().Op(')').Stop()),
                ("net/version", "3\n"u8.ToArray()),
            ]);
    }

    /// <summary>A batch normalization's attributes.</summary>
    public static (string, object)[] Norm(long channels) =>
    [
        ("weight", new Weight([channels])), ("bias", new Weight([channels])),
        ("running_mean", new Weight([channels])), ("running_var", new Weight([channels], 2)),
    ];

    private void Put(PickleWriter pickle, Module module)
    {
        pickle.Global("__torch__", module.Class).Op(')').Raw(0x81).Op('}').Op('(').Text("training").Raw(0x89);
        foreach ((string name, object value) in module.Attributes)
        {
            pickle.Text(name);
            if (value is Module inner)
            {
                Put(pickle, inner);
            }
            else if (value is Weight weight)
            {
                Put(pickle, weight);
            }
            else
            {
                Put(pickle, (IReadOnlyList<long>)value);
            }
        }

        pickle.Op('u').Op('b');
    }

    // torch.jit._pickle.build_intlist([…]).
    private static void Put(PickleWriter pickle, IReadOnlyList<long> numbers)
    {
        pickle.Global("torch.jit._pickle", "build_intlist").Op(']').Op('(');
        foreach (long number in numbers)
        {
            pickle.Number(number);
        }

        pickle.Op('e').Raw(0x85).Op('R');
    }

    private void Put(PickleWriter pickle, Weight weight)
    {
        long count = weight.Shape.Aggregate(1L, (product, size) => product * size);
        float[] values = [.. Enumerable.Range(0, (int)count).Select(_ => weight.Value ?? (float)_random.NextDouble() - 0.4f)];
        string key = $"{_storages.Count}";
        _storages.Add((key, MemoryMarshal.AsBytes<float>(values).ToArray()));
        long[] strides = [.. weight.Shape.Select((_, i) => weight.Shape.Skip(i + 1).Aggregate(1L, (product, size) => product * size))];
        pickle.Tensor(key, count, "FloatStorage", 0, weight.Shape, strides);
    }
}
